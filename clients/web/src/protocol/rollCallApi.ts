/** Calls about the roll calls of a meeting. */
import type { Api } from './api'
import type { RollCalls } from './types'

/** Where the list of a roll call is fetched as a file. */
export function rollCallPath(meeting: string, roll: string, format: 'csv' | 'xlsx'): string {
  return `/api/v1/meetings/${encodeURIComponent(meeting)}/roll-calls/${encodeURIComponent(roll)}?format=${format}`
}

/** The roll calls of a meeting, the first one first. Raises Refused or Unreachable. */
export async function rollCalls(api: Pick<Api, 'call'>, meeting: string): Promise<RollCalls> {
  return api.call('GET', `/meetings/${encodeURIComponent(meeting)}/roll-calls`)
}
