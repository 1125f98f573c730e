/** By what the list of reports is narrowed, as its address says. Pure. */
import type { Priority, ReportCategory } from '@/protocol/types'

import type { ReportFilter } from './useReports'

export const CATEGORIES: readonly ReportCategory[] = ['water', 'fire', 'geology', 'traffic', 'health', 'people', 'security', 'supplies', 'utilities', 'other']
export const URGENCIES: readonly Priority[] = ['critical', 'urgent', 'normal']
/** What is not over first: the keys over the list. */
export const SHOWN = ['abnormal', 'open', 'acknowledged', 'every'] as const
export type Shown = (typeof SHOWN)[number]

type Query = Readonly<Record<string, unknown>>
export function word(query: Query, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}

export function shownOf(query: Query): Shown {
  return SHOWN.find((one) => one === word(query, 'show')) ?? 'abnormal'
}

export function filterOf(query: Query): ReportFilter {
  const shown = shownOf(query)
  const category = CATEGORIES.find((one) => one === word(query, 'category'))
  const urgency = URGENCIES.find((one) => one === word(query, 'urgency'))
  const center = /^\d{12}$/.exec(word(query, 'center'))?.[0]
  const task = /^q_[0-9a-z]{18}$/.exec(word(query, 'task'))?.[0]
  const from = /^\d{4}-\d{2}-\d{2}$/.test(word(query, 'from')) ? new Date(`${word(query, 'from')}T00:00:00`).toISOString() : undefined
  const q = word(query, 'q').trim()
  return {
    ...(shown === 'abnormal' && { situation: 'abnormal' as const }),
    ...((shown === 'open' || shown === 'acknowledged') && { state: shown }),
    ...(category && { category }),
    ...(urgency && { urgency }),
    ...(center !== undefined && { center }),
    ...(task !== undefined && { task }),
    ...(from !== undefined && { from }),
    ...(q !== '' && { q }),
  }
}
