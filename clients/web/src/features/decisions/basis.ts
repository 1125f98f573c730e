/** What decisions rest on, in words: reports as the meeting has them, incidents as the hub tells of them. */
import { type Ref, shallowRef, watch } from 'vue'

import type { Api } from '@/protocol/api'
import { readIncident } from '@/protocol/incidentsApi'
import type { About, Incident, Report } from '@/protocol/types'

type T = (key: string) => string

/** Incidents by id, read once; null for one that may not be seen. Lives as long as the calling scope. */
export function useIncidents(api: Pick<Api, 'call'>, wanted: () => readonly About[]): Readonly<Ref<ReadonlyMap<string, Incident | null>>> {
  const known = shallowRef<ReadonlyMap<string, Incident | null>>(new Map())
  watch(
    () => [...new Set(wanted().flatMap(({ what, id }) => (what === 'incident' ? [id] : [])))].join(),
    async (ids) => {
      for (const id of ids.split(',')) {
        if (id === '' || known.value.get(id) !== undefined) continue
        const found = await readIncident(api, id).catch(() => undefined)
        known.value = new Map(known.value).set(id, found?.incident ?? null)
      }
    },
    { immediate: true },
  )
  return known
}

export function basisText({ what, id }: About, reports: readonly Report[], incidents: ReadonlyMap<string, Incident | null>, t: T): string {
  if (what === 'report') {
    const report = reports.find((one) => one.id === id)
    return report === undefined ? t('report') : `${t('report')} ${report.name} ${report.text}`
  }
  if (what === 'incident') {
    const incident = incidents.get(id)
    return incident === null ? t('unknown') : incident === undefined ? t('incident') : `${t(incident.kind)} ${incident.number} ${incident.title}`
  }
  return t(what)
}
