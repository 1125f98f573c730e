/** Minutes of meetings, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api, Fetch } from './api'
import { withQuery } from './api'
import { refusalOf, Unreachable } from './refusal'
import type { MinutesBook, MinutesDraft, MinutesPage, MinutesRead, MinutesSaved, MinutesState, MinutesTaken, MinutesText } from './types'

export type Caller = Pick<Api, 'call'>
/** What is being written, what waits, or the number of a version. */
export type Which = 'work' | 'submission' | number

const of = (meeting: string): string => `/meetings/${encodeURIComponent(meeting)}/minutes`

/** What changed last first; `next` is the `before` of the following page. */
export async function readMinutes(api: Caller, query: { state?: string; before?: number; limit?: number } = {}): Promise<MinutesPage> {
  return api.call('GET', withQuery('/minutes', { ...query }))
}

export const STATES: readonly MinutesState[] = ['submitted', 'returned', 'approved', 'withdrawn']

export async function readBook(api: Caller, meeting: string): Promise<MinutesBook> {
  return api.call('GET', of(meeting))
}

/** What the meeting's entries give, as of now. */
export async function readDraft(api: Caller, meeting: string, language: 'zh' | 'en'): Promise<MinutesDraft> {
  return api.call('GET', withQuery(`${of(meeting)}/draft`, { language }))
}

export async function readText(api: Caller, meeting: string, which: Which): Promise<MinutesRead> {
  return api.call('GET', `${of(meeting)}/texts/${String(which)}`)
}

/** Refused `conflict` where another has saved since `rev` was read. */
export async function saveWork(api: Caller, meeting: string, rev: number, text: MinutesText): Promise<MinutesSaved> {
  return api.call('PUT', `${of(meeting)}/work`, { rev, text })
}

/** Put what was saved before the chair; the same id again is answered alike. */
export async function submitWork(api: Caller, meeting: string, id: string, rev: number, why: string): Promise<MinutesTaken> {
  return api.call('POST', `${of(meeting)}/submission`, { id, rev, why })
}

export interface MadeFile {
  readonly file: Blob
  readonly name: string
}

/** A text of them as a file; making it takes a moment. */
export async function makeFile(meeting: string, which: Which, format: 'docx' | 'pdf', fetchLike: Fetch = (input, init) => fetch(input, init)): Promise<MadeFile> {
  const path = `/api/v1${of(meeting)}/texts/${String(which)}/file?format=${format}`
  let answer: Response
  try {
    answer = await fetchLike(path, { credentials: 'same-origin' })
    if (answer.ok) return { file: await answer.blob(), name: nameIn(answer.headers.get('content-disposition')) ?? `minutes.${format}` }
  } catch (cause) {
    throw new Unreachable(`${path}: no answer`, { cause })
  }
  throw refusalOf(await answer.json().catch(() => undefined)) ?? new Unreachable(`${path}: ${String(answer.status)}`)
}

/** The name that an answer gives its file (RFC 6266). */
function nameIn(disposition: string | null): string | undefined {
  const found = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1]
  return found === undefined ? undefined : decodeURIComponent(found)
}
