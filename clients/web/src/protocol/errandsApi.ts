/** Errands (代办), as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { ErrandBrought, ErrandCounts, ErrandDone, ErrandOne, ErrandPage, ErrandTold, ErrandWritten } from './types'

export type Caller = Pick<Api, 'call'>
export const PAGE = 50

/** Which errands are wanted. */
export interface ErrandQuery {
  center?: string | undefined
  grid?: string | undefined
  state?: ErrandTold['state'] | 'open' | undefined
  kind?: ErrandTold['kind'] | undefined
  late?: '1' | undefined
  q?: string | undefined
  before?: number | undefined
  limit?: number | undefined
}

const of = (id: string): string => `/errands/${encodeURIComponent(id)}`

/** Newest first; `next` is the `before` of the following page. */
export async function readErrands(query: ErrandQuery, api: Caller): Promise<ErrandPage> {
  return api.call('GET', withQuery('/errands', { limit: PAGE, ...query }))
}

export async function readErrand(id: string, api: Caller): Promise<ErrandOne> {
  return api.call('GET', of(id))
}

/** What stands next below `parent`; without one, below one's own center. */
export async function readErrandCounts(parent: string | undefined, api: Caller): Promise<ErrandCounts> {
  return api.call('GET', withQuery('/errands/counts', { parent }))
}

export async function askErrand(asked: ErrandBrought, api: Caller): Promise<ErrandWritten> {
  return api.call('POST', '/errands', asked)
}

export async function finishErrand(id: string, done: ErrandDone, api: Caller): Promise<ErrandWritten> {
  return api.call('POST', `${of(id)}/done`, done)
}

/** Address of the list as a file. */
export function errandsFile(query: Omit<ErrandQuery, 'q' | 'before' | 'limit'>, format: 'csv' | 'xlsx', lang: 'zh' | 'en'): string {
  return `/api/v1${withQuery('/errands/file', { ...query, format, lang })}`
}
