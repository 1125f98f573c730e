/** What can be asked of the ledger, and how it stands in the address. */
import type { LocationQuery } from 'vue-router'

import type { IncidentsQuery } from '@/protocol/incidentsApi'
import type { IncidentCategory, IncidentKind, IncidentSource, Priority } from '@/protocol/types'

export const CATEGORIES: readonly IncidentCategory[] = ['flood', 'fire', 'geology', 'traffic', 'safety', 'order', 'environment', 'livelihood', 'other']
export const URGENCIES: readonly Priority[] = ['normal', 'urgent', 'critical']
export const SOURCES: readonly IncidentSource[] = ['report', 'alarm', 'call', 'phone', 'visit', 'letter', 'patrol', 'above', 'other']
const KINDS: readonly IncidentKind[] = ['incident', 'appeal']

/** Whose turn it is: the first is what one sees unasked. */
export const SHOWN = ['open', 'late', 'mine', 'checks', 'closed', 'all'] as const
export type Shown = (typeof SHOWN)[number]

function word(query: LocationQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}

export function shownOf(query: LocationQuery): Shown {
  return SHOWN.find((one) => one === word(query, 'show')) ?? 'open'
}

/** `own`: code of one's own center. */
function turnOf(show: Shown, own: string): IncidentsQuery {
  if (show === 'all') return {}
  if (show === 'late') return { late: '1' }
  if (show === 'mine') return { state: 'registered,studied,routed,handling', responsible: own }
  if (show === 'checks') return { state: 'completed', checker: own }
  return { state: show }
}

/** Nonsense in an address is passed over. */
export function queryOf(query: LocationQuery, own: string): IncidentsQuery {
  const kind = KINDS.find((one) => one === word(query, 'kind'))
  const category = CATEGORIES.find((one) => one === word(query, 'category'))
  const urgency = URGENCIES.find((one) => one === word(query, 'urgency'))
  const center = /^\d{12}$/.exec(word(query, 'center'))?.[0]
  const day = dayOf(query)
  const q = word(query, 'q').trim()
  return {
    ...turnOf(shownOf(query), own),
    ...(kind && { kind }),
    ...(category && { category }),
    ...(urgency && { urgency }),
    ...(center !== undefined && { center }),
    ...(day !== '' && { from: new Date(`${day}T00:00:00`).toISOString() }),
    ...(q !== '' && { q }),
  }
}

/** The day in the address since when they were taken in; empty for none. */
export function dayOf(query: LocationQuery): string {
  const day = word(query, 'from')
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00`)) ? day : ''
}
