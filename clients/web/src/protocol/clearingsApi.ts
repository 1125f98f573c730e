/** Lists of people to be checked, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { Clearing, ClearingBoard, ClearingPage, ClearingRow, ClearingRows, Level, ListDraft, ListMatch, ListPlace, LoadAsked, MatchAsked, ResultsBrought, ResultsTaken } from './types'

export type Caller = Pick<Api, 'call'>
const PAGE = 100
const MOST_ROWS = 500
export const listPath = (id: string): string => `/clearings/${encodeURIComponent(id)}`
const draftOf = (id: string): string => `/clearings/drafts/${encodeURIComponent(id)}`

/** Newest first; `next` is the `before` of the following page. */
export async function readClearings(api: Caller, before?: string): Promise<ClearingPage> {
  return api.call('GET', withQuery('/clearings', { before, limit: PAGE }))
}

/** Of which one's own center checks rows. */
export async function readOwnClearings(api: Caller): Promise<Clearing[]> {
  return (await api.call<ClearingPage>('GET', '/clearings/own')).clearings
}

/** One, whether its rows are there or gone. */
export async function readClearing(api: Caller, id: string): Promise<Clearing> {
  return api.call('GET', listPath(id))
}

export async function readBoard(api: Caller, id: string, query: { level: Level; within?: string | undefined; limit: number }): Promise<ClearingBoard> {
  return api.call('GET', withQuery(`${listPath(id)}/board`, query))
}

/** Address of the board as a file. */
export function boardFile(id: string, query: { level: Level; within?: string | undefined; format: 'csv' | 'xlsx'; lang: 'zh' | 'en' }): string {
  return `/api/v1${withQuery(`${listPath(id)}/board/file`, query)}`
}

export async function readRows(api: Caller, id: string, query: { center?: string; after?: number; grid?: string | undefined } = {}): Promise<ClearingRows> {
  return api.call('GET', withQuery(`${listPath(id)}/rows`, { ...query, limit: MOST_ROWS }))
}

/** A row in full: that it was read is an entry. */
export async function unmaskRow(api: Caller, id: string, row: number): Promise<ClearingRow> {
  return (await api.call<{ row: ClearingRow }>('POST', `${listPath(id)}/rows/${String(row)}/unmask`)).row
}

/** Centers to which somebody may have moved. */
export async function readPlaces(api: Caller, id: string, text: string): Promise<ListPlace[]> {
  return (await api.call<{ centers: ListPlace[] }>('GET', withQuery(`${listPath(id)}/places`, { q: text }))).centers
}

export async function sendResults(api: Caller, id: string, results: ResultsBrought): Promise<ResultsTaken> {
  return api.call('POST', `${listPath(id)}/results`, results)
}

export async function readDraft(api: Caller, id: string): Promise<ListDraft> {
  return api.call('GET', draftOf(id))
}

export async function forgetDraft(api: Caller, id: string): Promise<void> {
  await api.call<undefined>('DELETE', draftOf(id))
}

/** Whose the rows are; nothing is written. */
export async function matchDraft(api: Caller, id: string, asked: MatchAsked): Promise<ListMatch> {
  return api.call('POST', `${draftOf(id)}/match`, asked)
}

export async function loadDraft(api: Caller, id: string, asked: LoadAsked): Promise<void> {
  await api.call('POST', `${draftOf(id)}/load`, asked)
}

/** Bring a file. */
export async function bringFile(api: Caller, file: Blob): Promise<ListDraft> {
  return api.call('POST', '/clearings/drafts', file)
}
