/** Who has come: the state of every called center in one word. Pure. */
import type {
  CenterPresence,
  Participant,
  ParticipantPresence,
  Quality,
  Snapshot,
} from '@/protocol/types'

/** The words of `common.participant`. */
export type StateWord =
  | 'calling'
  | 'arrived'
  | 'noAnswer'
  | 'left'
  | 'removed'
  | 'muted'
  | 'speaking'
  | 'weak'
  | 'reconnecting'
  | 'offline'

export interface Surroundings {
  readonly centers: ReadonlyMap<string, CenterPresence>
  readonly people: ReadonlyMap<string, ParticipantPresence>
  readonly quality: Readonly<Record<string, Quality>>
  readonly speaker: string | null
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
  if (person.muted) return 'muted'
  if (around.speaker === person.id) return 'speaking'
  return 'arrived'
}

export interface Called {
  readonly code: string
  /** Those who joined for the center and are its face in the meeting. */
  readonly people: readonly Participant[]
  readonly state: StateWord
}

const ARRIVED: ReadonlySet<StateWord> = new Set(['arrived', 'muted', 'speaking', 'weak', 'reconnecting'])

/** Every called center but the chair's own, in calling order. */
export function attendance(meeting: Snapshot, around: Surroundings): Called[] {
  const byCenter = new Map<string, Participant[]>()
  for (const person of meeting.participants) {
    const list = byCenter.get(person.center) ?? []
    byCenter.set(person.center, list)
    list.push(person)
  }
  const opened = Date.parse(meeting.opened_at)
  return meeting.centers
    .filter((code) => code !== meeting.chair.center)
    .map((code) => {
      const people = byCenter.get(code) ?? []
      const here = people.filter((person) => person.state === 'joined')
      // several may have come for a center: it is there as long as one of them is
      const first = here.find((person) => ARRIVED.has(personState(person, around))) ?? here[0] ?? people[0]
      if (first !== undefined) return { code, people, state: personState(first, around) }
      const reachable = around.centers.has(code)
      const ringing = reachable && around.now - opened < RINGING_MS
      return { code, people, state: ringing ? 'calling' : 'noAnswer' }
    })
}

export function arrivedCount(called: readonly Called[]): number {
  return called.filter((one) => ARRIVED.has(one.state)).length
}

export function isArrived(state: StateWord): boolean {
  return ARRIVED.has(state)
}
