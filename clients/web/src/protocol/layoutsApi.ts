/** Layouts that one's center keeps, by the hub's HTTP API. */
import { Api } from './api'
import type { KeptLayout, Layouts } from './types'

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export async function readLayouts(api: Pick<Api, 'call'> = new Api()): Promise<readonly KeptLayout[]> {
  return (await api.call<Layouts>('GET', '/layouts')).layouts
}
