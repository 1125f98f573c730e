/** Incidents and appeals, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { IncidentCategory, IncidentKind, IncidentPage, IncidentWhole, Priority } from './types'

export interface IncidentsQuery {
  /** States, parted by commas; `open` for all in which something is still to be done. */
  state?: string
  /** `1`: overdue, and not reported done. */
  late?: '1'
  kind?: IncidentKind
  category?: IncidentCategory
  urgency?: Priority
  /** That ever concerned this center or one below it. */
  center?: string
  /** This center is responsible, or checks. */
  responsible?: string
  checker?: string
  meeting?: string
  about?: string
  q?: string
  /** Taken in from then on (ISO 8601). */
  from?: string
  after?: string
  limit?: number
}

/** The open ones first, and what is due first; `next` is the `after` of the following page. */
export async function readIncidents(api: Pick<Api, 'call'>, query: IncidentsQuery): Promise<IncidentPage> {
  return api.call('GET', withQuery('/incidents', { ...query }))
}

/** With its time line and its duplicates. */
export async function readIncident(api: Pick<Api, 'call'>, id: string): Promise<IncidentWhole> {
  return api.call('GET', `/incidents/${encodeURIComponent(id)}`)
}
