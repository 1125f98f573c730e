/** Duty, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Duties, DutiesAbove, DutyLog, DutyTurns, Entry, Roster } from './types'

export type Caller = Pick<Api, 'call'>

/** So many entries of a log are read at a time, and at most. */
const LOG_PAGE = 500
export const MOST_LOGGED = 5000

/** Of all centers that one may read, or of one. */
export async function readDuties(api: Caller, center?: string): Promise<Duties> {
  return api.call('GET', withQuery('/duty', { center }))
}

/** At the centers above one's own, the nearest first. */
export async function readAbove(api: Caller): Promise<DutiesAbove> {
  return api.call('GET', '/duty/above')
}

/** Its shifts that meet a span of time (ISO 8601). */
export async function readRoster(api: Caller, center: string, from: string, to: string): Promise<Roster> {
  return api.call('GET', withQuery('/duty/roster', { center, from, to }))
}

/** Who had it, newest first; `next` is the `before` of the following page. */
export async function readTurns(api: Caller, center: string, before?: string, limit = 20): Promise<DutyTurns> {
  return api.call('GET', withQuery('/duty/turns', { center, before, limit }))
}

/** All that concerns a center in a span of time, the oldest first; `whole`: whether that is all of it. */
export async function readLog(api: Caller, center: string, from: string, to: string): Promise<{ entries: Entry[]; whole: boolean }> {
  const found: Entry[] = []
  let before: number | undefined
  for (;;) {
    const page = await api.call<DutyLog>('GET', withQuery('/duty/log', { center, from, to, before, limit: LOG_PAGE }))
    found.push(...page.entries)
    if (page.next === null || found.length >= MOST_LOGGED) return { entries: found.reverse(), whole: page.next === null }
    before = page.next
  }
}
