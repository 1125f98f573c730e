/** The ledger by filters, page by page: what changes changes in its row at once, and a moment later all stands in its place. */
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Api } from '@/protocol/api'
import { type IncidentsQuery, readIncidents } from '@/protocol/incidentsApi'
import type { Incident, IncidentFigures } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface Ledger {
  readonly rows: Readonly<Ref<readonly Incident[]>>
  readonly figures: Readonly<Ref<IncidentFigures | undefined>>
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  readMore: () => Promise<void>
  again: () => Promise<void>
}

const PAGE = 100
/** The most that is read again at once: who looks at more has what changed in its row. */
const MOST = 500
/** Changes are gathered for so long (ms) before the ledger is read anew. */
const GATHER_MS = 700
const RETRY_MS = 3000

export function useLedger(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>, query: () => IncidentsQuery): Ledger {
  const rows = shallowRef<readonly Incident[]>([])
  const figures = shallowRef<IncidentFigures>()
  const next = ref<string | null>(null)
  const reading = ref(true)
  const problem = ref<string>()
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(after?: string): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const mine = (turn += 1)
    reading.value = true
    const limit = after === undefined ? Math.min(MOST, Math.max(PAGE, rows.value.length)) : PAGE
    try {
      const page = await readIncidents(api, { ...query(), limit, ...(after === undefined ? {} : { after }) })
      if (mine !== turn) return
      const known = new Set(page.incidents.map((one) => one.id))
      rows.value = after === undefined ? page.incidents : [...rows.value.filter((row) => !known.has(row.id)), ...page.incidents]
      next.value = page.next
      figures.value = page.figures
      problem.value = undefined
    } catch (error) {
      if (mine !== turn) return
      problem.value = explanation(error)
      timer = setTimeout(() => void read(after), RETRY_MS)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  const offs = [
    live.socket.on('changed', ({ what, id, value }) => {
      if (what !== 'incident') return
      const told = value as Incident | null | undefined
      if (told !== null && told !== undefined) rows.value = rows.value.map((row) => (row.id === id ? told : row))
      timer ??= setTimeout(() => void read(), GATHER_MS)
    }),
    live.socket.on('hello', () => void read()),
  ]
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  watch(
    () => JSON.stringify(query()),
    () => {
      rows.value = []
      next.value = null
      void read()
    },
    { immediate: true },
  )
  return { rows, figures, more: computed(() => next.value !== null), reading, problem, readMore: async () => read(next.value ?? undefined), again: async () => read() }
}
