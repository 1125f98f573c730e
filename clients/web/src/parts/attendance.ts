/** Who has come: the state of every called center in one word, and the one way of counting them. Pure. */
import type { AttendanceCount, Call, CenterPresence, Participant, ParticipantPresence, ParticipantRef, Quality, Snapshot } from '@/protocol/types'

/** The words of `common.participant`. */
export type StateWord =
  | 'calling'
  | 'arrived'
  | 'noAnswer'
  | 'declined'
  | 'waiting'
  | 'left'
  | 'removed'
  | 'muted'
  | 'speaking'
  | 'weak'
  | 'reconnecting'
  | 'offline'
  /** Of cameras, which nobody is: brought in, its picture is not there yet, or is. */
  | 'camera'
  | 'connecting'
  | 'picture'

export interface Surroundings {
  readonly centers: ReadonlyMap<string, CenterPresence>
  readonly people: ReadonlyMap<string, ParticipantPresence>
  readonly quality: Readonly<Record<string, Quality>>
  readonly speaker: string | null
  /** How centers were called and what they said, where that is not once and at the opening: the part `calls`. */
  readonly calls: ReadonlyMap<string, Call>
  /** Codes of centers of which somebody waits to be let into the locked meeting. */
  readonly waiting?: ReadonlySet<string>
  /** ms since 1970 */
  readonly now: number
}

/** The shape of a state: a participant who dropped out is no quiet absence. */
export function markOf(word: StateWord): string {
  return word === 'offline' ? 'lost' : word
}

/** So long a call counts as ringing. */
export const RINGING_MS = 60_000

/** The most telling word about somebody in the meeting; what is wrong goes before what is normal. */
export function personState(person: Participant, around: Surroundings): StateWord {
  if (person.state === 'removed') return 'removed'
  if (person.state === 'left') return 'left'
  const presence = around.people.get(person.id)?.state
  if (presence === 'offline') return 'offline'
  const quality = around.quality[person.id]
  if (presence === 'reconnecting' || quality === 'lost') return 'reconnecting'
  if (quality === 'poor') return 'weak'
  if (isCamera(person.id)) return 'camera'
  if (person.muted) return 'muted'
  if (around.speaker === person.id) return 'speaking'
  return 'arrived'
}

/** Somebody of another meeting that is one conference with this one: he is seen here, and has no seat. */
export function asGuest(who: ParticipantRef): Participant {
  return { ...who, state: 'joined', muted: false, joined_at: '', left_at: null }
}

/** Whether this is a camera that was brought in: it is seen as participants are, and nobody who came. */
export function isCamera(id: string): boolean {
  return id.startsWith('ca_')
}

/** Whether this is a grid member's phone that was called in: grid members have no seats. */
export function isPhone(person: Pick<Participant, 'role'>): boolean {
  return person.role === 'grid_member' || person.role === 'grid_leader'
}

/** What stands on the plate of a camera, or a phone: its center and its name, each once. */
export function plateOf(one: Pick<Participant, 'name' | 'center_name'>): string {
  return one.name.startsWith(one.center_name) ? one.name : `${one.center_name} ${one.name}`
}

/** Whether nothing here can be done to him: he has no seat in this meeting. */
export function isGuest(person: Participant): boolean {
  return person.joined_at === ''
}

/** So long without a line, and one has no tile on the wall any more. */
export const AWAY_MS = 60_000

/** Whether somebody in the meeting has been without a line for so long that nothing of him is waited for. */
export function isAway(id: string, around: Pick<Surroundings, 'people' | 'now'>): boolean {
  const presence = around.people.get(id)
  return presence?.state === 'offline' && typeof presence.since === 'string' && around.now - Date.parse(presence.since) >= AWAY_MS
}

export interface Called {
  readonly code: string
  /** Those who joined for the center: its face in the meeting first. */
  readonly people: readonly Participant[]
  readonly state: StateWord
  /** How many of them are there now. */
  readonly here: number
  /** When it was called last, ISO 8601, and how often. */
  readonly calledAt: string
  readonly times: number
  /** Since when it is gone, ISO 8601, where its state is being off line or having left. */
  readonly since?: string
  /** Who declined and why, where that is its state. */
  readonly declined?: NonNullable<Call['declined']>
}

const ARRIVED: ReadonlySet<StateWord> = new Set(['arrived', 'muted', 'speaking', 'weak', 'reconnecting'])

/** Every called center but the chair's own, in calling order. Of a meeting that is over: who had come. */
export function attendance(meeting: Snapshot, around: Surroundings): Called[] {
  const byCenter = new Map<string, Participant[]>()
  for (const person of meeting.participants) {
    const list = byCenter.get(person.center) ?? []
    byCenter.set(person.center, list)
    list.push(person)
  }
  return meeting.centers
    .filter((code) => code !== meeting.convener.center)
    .map((code) => calledOf(code, byCenter.get(code) ?? [], meeting, around))
}

function calledOf(code: string, people: readonly Participant[], meeting: Snapshot, around: Surroundings): Called {
  const call = around.calls.get(code)
  const base = { code, people, here: 0, calledAt: call?.called_at ?? meeting.opened_at, times: call?.times ?? 1 }
  const declined = call?.declined ?? null
  const refused = (): Called =>
    declined === null ? { ...base, state: 'noAnswer' } : { ...base, state: 'declined', declined }
  if (meeting.state === 'ended') {
    if (people.length === 0) return refused()
    const came = people.filter((person) => person.state !== 'removed')
    return { ...base, here: came.length, state: came.length > 0 ? 'arrived' : 'removed' }
  }
  const joined = people.filter((person) => person.state === 'joined')
  const there = joined.filter((person) => ARRIVED.has(personState(person, around)))
  // several may have come for a center: it is there as long as one of them is
  const face = there[0] ?? joined[0]
  const rings = around.centers.has(code) && around.now - Date.parse(base.calledAt) < RINGING_MS
  if (face !== undefined) {
    const faced = { ...base, people: [face, ...people.filter((one) => one !== face)], here: there.length }
    // lost, called again since, and somebody of the center is there to hear it
    const again = there.length === 0 && rings && base.calledAt > (around.people.get(face.id)?.since ?? '~')
    const state = again ? 'calling' : personState(face, around)
    const since = around.people.get(face.id)?.since
    return { ...faced, state, ...((state === 'offline' || state === 'reconnecting') && typeof since === 'string' && { since }) }
  }
  if (around.waiting?.has(code) === true) return { ...base, state: 'waiting' }
  const gone = people.reduce<Participant | undefined>((last, one) => ((last?.left_at ?? '') > (one.left_at ?? '') ? last : one), undefined)
  const asked = declined?.at ?? base.calledAt
  if (gone !== undefined && (gone.left_at ?? '') >= asked) return { ...base, state: gone.state === 'removed' ? 'removed' : 'left', ...(gone.left_at !== null && { since: gone.left_at }) }
  if (declined !== null) return refused()
  if (!around.centers.has(code)) return { ...base, state: 'offline' }
  return { ...base, state: rings ? 'calling' : 'noAnswer' }
}

export function isArrived(state: StateWord): boolean {
  return ARRIVED.has(state)
}

/** The one way of counting: centers that are there of those called, and people there for them; the chair's own center apart. */
export interface Count {
  readonly arrived: number
  readonly called: number
  readonly people: number
}

export function countOf(called: readonly Called[]): Count {
  let arrived = 0
  let people = 0
  for (const one of called) {
    if (!ARRIVED.has(one.state)) continue
    arrived += 1
    people += one.here
  }
  return { arrived, called: called.length, people }
}

/** The same as the hub counts it, in words: message key and what goes into it. */
export function sumOf(count: AttendanceCount | null | undefined): { readonly says: string; readonly words: Readonly<Record<string, number>> } | undefined {
  return count ? { says: 'participants.figureMore', words: { here: count.came, all: count.called, people: count.people } } : undefined
}

export function arrivedCount(called: readonly Called[]): number {
  return countOf(called).arrived
}

/** Who is present for somebody, as was said: `值守 李某`; else the account's name. */
export function presentOf(person: Pick<Participant, 'name' | 'present' | 'duty'>): string {
  if ((person.present ?? '') === '') return person.name
  return [person.duty, person.present].filter((word) => (word ?? '') !== '').join(' ')
}
