/** What is looked for, as it stands in the address, and the way to what was found. Pure. */
import type { LocationQuery, RouteLocationRaw } from 'vue-router'

import type { FindQuery, SpokenQuery } from '@/protocol/searchApi'
import { SORTS } from '@/protocol/searchApi'
import type { FoundHit, FoundMeeting, FoundSort, SpokenSpan } from '@/protocol/types'

export interface Wanted {
  readonly q: string
  readonly sort: FoundSort | ''
  /** Local days: 2026-11-23. */
  readonly from: string
  readonly to: string
  readonly center: string
  readonly meeting: string
  readonly state: 'open' | 'over' | ''
  /** When a center spoke, and not what was written. */
  readonly spoken: boolean
}

export function wantedOf(query: LocationQuery): Wanted {
  const word = (name: string): string => (typeof query[name] === 'string' ? query[name] : '')
  const state = word('state')
  return {
    q: word('q'),
    sort: SORTS.find((one) => one === word('sort')) ?? '',
    from: word('from'),
    to: word('to'),
    center: /^\d{12}$/.test(word('center')) ? word('center') : '',
    meeting: word('meeting'),
    state: state === 'open' || state === 'over' ? state : '',
    spoken: word('view') === 'spoken',
  }
}

/** The address of a search: only what is wanted stands in it. */
export function queryOf(wanted: Wanted): Record<string, string> {
  const { spoken, ...words } = wanted
  const query = Object.fromEntries(Object.entries(words).filter(([, value]) => value !== ''))
  return spoken ? { ...query, view: 'spoken' } : query
}

/** The instant at which a local day begins, or the next one does; undefined for no or no real day. */
function bound(day: string, end: boolean): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (match === null) return undefined
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + (end ? 1 : 0))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

function period(wanted: Wanted): { from?: string; to?: string } {
  const from = bound(wanted.from, false)
  const to = bound(wanted.to, true)
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

/** Nothing to look for yet; `short`: what is typed is no word of two characters. */
export function askOf(wanted: Wanted): FindQuery | 'nothing' | 'short' {
  const q = wanted.q.trim()
  if (q !== '' && !isEnough(q)) return 'short'
  const query: FindQuery = {
    ...period(wanted),
    ...(q !== '' && { q }),
    ...(wanted.sort !== '' && { sort: wanted.sort }),
    ...(wanted.center !== '' && { center: wanted.center }),
    ...(wanted.meeting !== '' && { meeting: wanted.meeting }),
    ...(wanted.state !== '' && { state: wanted.state }),
  }
  return Object.keys(query).length === 0 ? 'nothing' : query
}

export function spokenAskOf(wanted: Wanted): SpokenQuery | 'nothing' {
  if (wanted.center === '') return 'nothing'
  return { ...period(wanted), center: wanted.center, ...(wanted.meeting !== '' && { meeting: wanted.meeting }) }
}

/** Whether one of the words has two letters, digits or characters side by side. */
export function isEnough(text: string): boolean {
  return /[\p{L}\p{N}]{2}/u.test(text.normalize('NFKC'))
}

/** A second of a meeting, in the archive. */
export function momentOf(meeting: FoundMeeting, at: string, entry?: number): RouteLocationRaw {
  const second = Math.max(0, (Date.parse(at) - Date.parse(meeting.opened_at)) / 1000)
  return {
    name: 'archive-meeting',
    params: { meeting: meeting.id },
    query: { t: second.toFixed(1), ...(entry !== undefined && { entry: String(entry) }) },
  }
}

/** Where a hit opens: its second in its meeting, else the document itself. */
export function addressOf(hit: FoundHit, meeting: FoundMeeting | null): RouteLocationRaw | undefined {
  if (meeting !== null) return momentOf(meeting, hit.at, hit.sort === 'said' ? undefined : hit.seq)
  switch (hit.sort) {
    case 'order':
    case 'answer':
      return { name: 'orders-order', params: { order: hit.subject } }
    case 'report':
      return { name: 'cases-report', params: { report: hit.subject } }
    case 'incident':
      return { name: 'incidents-one', params: { incident: hit.subject } }
    case 'task':
      return { name: 'cases-task', params: { task: hit.subject } }
    case 'booking':
      return { name: 'meetings-booking', params: { booking: hit.subject } }
    case 'duty':
      return { name: 'duty-center', params: { center: hit.center } }
    case 'patrol':
      return { name: 'patrol-round', params: { round: hit.subject } }
    default:
      return undefined
  }
}

export interface Piece {
  readonly text: string
  readonly hit: boolean
}

/** A text cut at its marks, which count characters and not halves of them. */
export function piecesOf(text: string, marks: readonly (readonly number[])[]): Piece[] {
  const characters = [...text]
  const pieces: Piece[] = []
  let at = 0
  for (const [from = 0, to = 0] of marks) {
    if (from > at) pieces.push({ text: characters.slice(at, from).join(''), hit: false })
    pieces.push({ text: characters.slice(from, to).join(''), hit: true })
    at = to
  }
  if (at < characters.length) pieces.push({ text: characters.slice(at).join(''), hit: false })
  return pieces
}

/** ms of these spans; one that lasts counts to `now`. */
export function lengthOf(spans: readonly SpokenSpan[], now: number): number {
  return spans.reduce((sum, span) => sum + Math.max(0, (span.to_at === null ? now : Date.parse(span.to_at)) - Date.parse(span.from_at)), 0)
}
