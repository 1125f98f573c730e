/** Where one sees what gave rise to something. */
import type { RouteLocationRaw } from 'vue-router'

import type { About, Role } from '@/protocol/types'

/** The page of a report, an alarm or an incident, as far as this role has it; a decision has none of its own: it stands in its meeting's record. */
export function placeOfAbout({ what, id }: About, role: Role): RouteLocationRaw | undefined {
  const commands = role === 'leader' || role === 'dispatcher'
  if (what === 'report') return { name: 'cases-report', params: { report: id } }
  if (what === 'patrol') return { name: 'patrol-round', params: { round: id } }
  if (what === 'alarm') return !commands ? undefined : { name: 'cases-case', params: { alarm: id } }
  return what === 'incident' && (commands || role === 'clerk') ? { name: 'incidents-one', params: { incident: id } } : undefined
}
