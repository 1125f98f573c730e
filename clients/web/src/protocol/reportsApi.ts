/** Reports, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { AlarmState, Priority, Report, ReportCategory, Reports, ReportTotal, ReportTotals, Situation } from './types'

export interface ReportsQuery {
  id?: string
  situation?: Situation
  category?: ReportCategory
  urgency?: Priority
  /** That of the alarm that it raised. */
  state?: AlarmState
  task?: string
  center?: string
  q?: string
  /** Filed from then on (ISO 8601). */
  from?: string
  before?: string
  limit?: number
}

/** A page, newest first; `next` is the `before` of the following one. */
export async function readReports(api: Pick<Api, 'call'>, query: ReportsQuery = {}): Promise<{ reports: Report[]; next: string | null }> {
  return api.call<Reports>('GET', withQuery('/reports', { ...query }))
}

/** How many there are of all that such a list shows, by the centers below. */
export async function readReportTotals(api: Pick<Api, 'call'>, query: Omit<ReportsQuery, 'before' | 'limit'> = {}): Promise<ReportTotal[]> {
  return (await api.call<ReportTotals>('GET', withQuery('/reports/totals', { ...query }))).totals
}
