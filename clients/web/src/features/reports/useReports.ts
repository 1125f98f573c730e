/** A list of reports by filters, newest first, page by page; one that comes while it is looked at stands on top. A report never changes. */
import { computed, onScopeDispose, reactive, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Api } from '@/protocol/api'
import { readReports, readReportTotals, type ReportsQuery } from '@/protocol/reportsApi'
import type { Report, ReportTotal } from '@/protocol/types'
import type { Live } from '@/state/live'

export type ReportFilter = Omit<ReportsQuery, 'id' | 'before' | 'limit'>

export interface ReportList {
  readonly rows: Readonly<Ref<readonly Report[]>>
  /** Undefined until they were read. */
  readonly totals: Readonly<Ref<readonly ReportTotal[] | undefined>>
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
/** So long (ms) changes are gathered before numbers, and what a filter by state shows, are read again. */
const GATHER_MS = 1_500

export function useReports(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>, filter: () => ReportFilter): ReportList {
  const rows = shallowRef<readonly Report[]>([])
  const totals = shallowRef<readonly ReportTotal[]>()
  const next = ref<string | null>(null)
  const reading = ref(true)
  const problem = ref<string>()
  const fresh = reactive(new Set<string>())
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(before?: string): Promise<void> {
    turn += 1
    const mine = turn
    reading.value = true
    try {
      const [page, sums] = await Promise.all([readReports(api, { ...filter(), limit: PAGE, ...(before !== undefined && { before }) }), before === undefined ? readReportTotals(api, filter()) : undefined])
      if (mine !== turn) return
      rows.value = before === undefined ? page.reports : [...rows.value, ...page.reports]
      next.value = page.next
      if (sums !== undefined) totals.value = sums
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  /** The newest page and the numbers anew; what stands further down stays. */
  async function refresh(): Promise<void> {
    timer = undefined
    const mine = turn
    try {
      const [page, sums] = await Promise.all([readReports(api, { ...filter(), limit: PAGE }), readReportTotals(api, filter())])
      if (mine !== turn) return
      const known = new Set(rows.value.map(({ id }) => id))
      for (const { id } of page.reports) if (!known.has(id)) fresh.add(id)
      const last = page.reports.at(-1)
      const rest = page.next === null || last === undefined ? [] : rows.value.filter(({ at, id }) => at < last.at && !page.reports.some((one) => one.id === id))
      rows.value = [...page.reports, ...rest]
      if (rest.length === 0) next.value = page.next
      totals.value = sums
    } catch {
      // the next change, or the next greeting, reads it
    }
  }
  const offs = [
    live.socket.on('changed', ({ what }) => {
      if (what === 'report' || what === 'alarm') timer ??= setTimeout(() => void refresh(), GATHER_MS)
    }),
    live.socket.on('hello', () => void read()),
  ]
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  watch(() => JSON.stringify(filter()), () => {
    rows.value = []
    totals.value = undefined
    next.value = null
    fresh.clear()
    void read()
  }, { immediate: true })
  return { rows, totals, more: computed(() => next.value !== null), reading, problem, fresh, readMore: async () => read(next.value ?? undefined), again: async () => read() }
}
