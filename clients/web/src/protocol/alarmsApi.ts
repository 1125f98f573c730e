/** Reading alarms by HTTP. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Alarm, AlarmKind, AlarmState } from './types'

export interface AlarmsQuery {
  id?: string
  state?: AlarmState
  kind?: AlarmKind
  report?: string
  meeting?: string
  center?: string
  q?: string
  /** Raised from then on (ISO 8601). */
  from?: string
  before?: string
  limit?: number
}

/** A page, newest first; `next` is the `before` of the following one. Raises Refused or Unreachable. */
export async function readAlarms(api: Api, query: AlarmsQuery = {}): Promise<{ alarms: Alarm[]; next: string | null }> {
  return api.call('GET', withQuery('/alarms', { ...query }))
}
