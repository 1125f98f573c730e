/** Finding by words, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Found, FoundSort, Spoken } from './types'

export interface FindQuery {
  q?: string
  /** Sorts, parted by commas. */
  sort?: string
  /** The moment that a hit is about (ISO 8601). */
  from?: string
  to?: string
  /** Of this center or one below it. */
  center?: string
  meeting?: string
  state?: 'open' | 'over'
  before?: number
  limit?: number
}

export interface SpokenQuery {
  center: string
  /** When the meeting was opened. */
  from?: string
  to?: string
  meeting?: string
  before?: string
  limit?: number
}

/** In the order in which the page offers them. */
export const SORTS: readonly FoundSort[] = ['meeting', 'person', 'report', 'order', 'answer', 'incident', 'decision', 'note']

/** The newest first; `next` is the `before` of the following page. */
export async function find(api: Pick<Api, 'call'>, query: FindQuery): Promise<Found> {
  return api.call('GET', withQuery('/search', { ...query }))
}

/** When a center had the word; `next` is the `before` of the following page. */
export async function findSpoken(api: Pick<Api, 'call'>, query: SpokenQuery): Promise<Spoken> {
  return api.call('GET', withQuery('/search/spoken', { ...query }))
}
