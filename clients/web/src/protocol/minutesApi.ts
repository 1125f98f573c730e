/** Minutes of meetings, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
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

/** Address of a file of them. */
export function minutesFile(meeting: string, which: Which, format: 'docx' | 'pdf'): string {
  return `/api/v1${of(meeting)}/texts/${String(which)}/file?format=${format}`
}
