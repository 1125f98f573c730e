/** A list of alarms by filters, newest first, page by page; what changes while it is looked at changes in its place. */
import { computed, onScopeDispose, reactive, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { type AlarmsQuery, readAlarms } from '@/protocol/alarmsApi'
import type { Api } from '@/protocol/api'
import type { Alarm, ChangedEvent } from '@/protocol/types'
import type { Live } from '@/state/live'

export type CaseFilter = Pick<AlarmsQuery, 'state' | 'kind' | 'center' | 'q' | 'from'>

export interface Cases {
  readonly rows: Readonly<Ref<readonly Alarm[]>>
  /** There are earlier ones. */
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  /** Those that came while it was looked at. */
  readonly fresh: ReadonlySet<string>
  readMore: () => Promise<void>
  again: () => Promise<void>
}

const PAGE = 100

export function useCases(live: Pick<Live, 'socket'>, api: Api, filter: () => CaseFilter): Cases {
  const rows = shallowRef<readonly Alarm[]>([])
  const next = ref<string | null>(null)
  const reading = ref(true)
  const problem = ref<string>()
  const fresh = reactive(new Set<string>())
  let turn = 0

  async function read(before?: string): Promise<void> {
    turn += 1
    const mine = turn
    reading.value = true
    try {
      const page = await readAlarms(api, { ...filter(), limit: PAGE, ...(before === undefined ? {} : { before }) })
      if (mine !== turn) return
      if (before === undefined) fresh.clear()
      rows.value = before === undefined ? page.alarms : [...rows.value, ...page.alarms]
      next.value = page.next
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }

  /** One that is shown changes where it stands; whether one that is not shown belongs here, the hub knows best. */
  async function take(event: ChangedEvent): Promise<void> {
    const mine = turn
    const shown = rows.value.some((row) => row.id === event.id)
    const told = event.value as Alarm | null | undefined
    if (shown && told !== null && told !== undefined) {
      rows.value = rows.value.map((row) => (row.id === event.id ? told : row))
      return
    }
    try {
      const found = (await readAlarms(api, shown ? { id: event.id } : { ...filter(), id: event.id })).alarms[0]
      if (found === undefined || mine !== turn) return
      if (rows.value.some((row) => row.id === found.id)) rows.value = rows.value.map((row) => (row.id === found.id ? found : row))
      else if (next.value === null || found.raised_at >= (rows.value.at(-1)?.raised_at ?? '')) {
        fresh.add(found.id)
        rows.value = [...rows.value, found].sort((a, b) => (a.raised_at < b.raised_at ? 1 : -1))
      }
    } catch {
      // the next greeting reads all of it
    }
  }

  const offs = [
    live.socket.on('changed', (event) => {
      if (event.what === 'alarm') void take(event)
    }),
    live.socket.on('hello', () => void read()),
  ]
  onScopeDispose(() => {
    for (const off of offs) off()
  })
  watch(
    () => JSON.stringify(filter()),
    () => {
      rows.value = []
      next.value = null
      void read()
    },
    { immediate: true },
  )
  return {
    rows,
    more: computed(() => next.value !== null),
    reading,
    problem,
    fresh,
    readMore: async () => read(next.value ?? undefined),
    again: async () => read(),
  }
}
