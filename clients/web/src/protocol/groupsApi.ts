/** Groups of centers: one's own and those of one's center, by the hub's HTTP API. */
import { Api } from './api'
import type { Group, Groups } from './types'

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export async function readGroups(api: Pick<Api, 'call'> = new Api()): Promise<readonly Group[]> {
  return (await api.call<Groups>('GET', '/groups')).groups
}
