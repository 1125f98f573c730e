/** Incidents and appeals that have these words in number, title or place; the open ones first. */
import type { Api } from '@/protocol/api'
import { readIncidents } from '@/protocol/incidentsApi'
import type { Shell } from '@/state/shell'

import type { Found } from '../rooms.contract'

/** So many are found by a word. */
const MOST = 8

export async function foundIncidents(api: Pick<Api, 'call'>, shell: Pick<Shell, 'go'>, words: string, kind: string): Promise<readonly Found[]> {
  const { incidents } = await readIncidents(api, { q: words, limit: MOST })
  return incidents.map((one) => ({
    id: `incident ${one.id}`,
    kind,
    text: `${one.number} ${one.title}`,
    more: one.responsible.name,
    press: () => {
      shell.go({ name: 'incidents-one', params: { incident: one.id } })
    },
  }))
}
