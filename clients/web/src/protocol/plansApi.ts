/** Plans that one's center keeps, by the hub's HTTP API. */
import { Api } from './api'
import type { Plan, Plans } from './types'

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export async function readPlans(api: Pick<Api, 'call'> = new Api()): Promise<readonly Plan[]> {
  return (await api.call<Plans>('GET', '/plans')).plans
}
