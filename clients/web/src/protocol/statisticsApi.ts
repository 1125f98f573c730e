/** Statistics, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Statistics } from './types'

export interface StatisticsQuery {
  /** First and last day, `2026-11-29`, in the hub's zone; without them this month up to today. */
  from?: string
  to?: string
  /** About which center; one's own without it. */
  center?: string
}

export async function readStatistics(api: Pick<Api, 'call'>, query: StatisticsQuery): Promise<Statistics> {
  return api.call('GET', withQuery('/statistics', { ...query }))
}

/** Where they are fetched as a file. */
export function statisticsFile(query: StatisticsQuery, format: 'csv' | 'xlsx'): string {
  return `/api/v1${withQuery('/statistics/file', { ...query, format })}`
}
