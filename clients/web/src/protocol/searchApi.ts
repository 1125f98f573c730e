/** Finding by words, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { Found, FoundSort, SaidLines, Spoken, Voices } from './types'

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
  before?: string
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
export const SORTS: readonly FoundSort[] = ['meeting', 'person', 'report', 'order', 'answer', 'incident', 'patrol', 'decision', 'note', 'mark', 'banner', 'task', 'booking', 'duty', 'said']

/** The newest first; `next` is the `before` of the following page. */
export async function find(api: Pick<Api, 'call'>, query: FindQuery): Promise<Found> {
  return api.call('GET', withQuery('/search', { ...query }))
}

/** When a center had the word; `next` is the `before` of the following page. */
export async function findSpoken(api: Pick<Api, 'call'>, query: SpokenQuery): Promise<Spoken> {
  return api.call('GET', withQuery('/search/spoken', { ...query }))
}

/** Who speaks when, by the recorded sound. */
export async function readVoices(api: Pick<Api, 'call'>, meeting: string): Promise<Voices> {
  return api.call('GET', `/meetings/${encodeURIComponent(meeting)}/voices`)
}

/** What was said, by time; empty where no recogniser is. `next` is the `after` of the following page. */
export async function readSaid(api: Pick<Api, 'call'>, meeting: string, after = 0): Promise<SaidLines> {
  return api.call('GET', withQuery(`/meetings/${encodeURIComponent(meeting)}/said`, { after }))
}
