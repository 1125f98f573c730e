/** Checks before a meeting, as the HTTP API gives them. */
import type { Api } from './api'
import type { Check, CheckHead, CheckHeads } from './types'

/** With the answer of each center. Raises Refused or Unreachable. */
export async function readCheck(api: Pick<Api, 'call'>, check: string): Promise<Check> {
  return api.call('GET', `/checks/${encodeURIComponent(check)}`)
}

/** The newest that one may see; undefined where there is none. Raises Refused or Unreachable. */
export async function newestCheck(api: Pick<Api, 'call'>): Promise<CheckHead | undefined> {
  return (await api.call<CheckHeads>('GET', '/checks?limit=1')).checks[0]
}
