/** Phones of grid members in meetings, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { CaseSeen, GridsPresent } from './types'

export type Caller = Pick<Api, 'call'>

/** The grids of a village, and whose phone is there now. */
export async function readPresent(village: string, api: Caller): Promise<GridsPresent> {
  return api.call('GET', withQuery('/grids/present', { village }))
}

/** The case that is shown from a phone, after `case.look`. */
export async function readCase(meeting: string, participant: string, api: Caller): Promise<CaseSeen> {
  return api.call('GET', `/meetings/${encodeURIComponent(meeting)}/phones/${encodeURIComponent(participant)}/case`)
}
