/** Who has a bad line, since when: both ways of every participant, the worst first. Pure. */
import type { LineFigures, Participant, ParticipantPresence, Quality } from '@/protocol/types'

/** One way of a participant. */
export interface Line extends LineFigures {
  readonly state: Quality
}
export type Lines = ReadonlyMap<string, Line>

/** From the worst to the best. */
const ORDER: readonly Quality[] = ['lost', 'poor', 'fair', 'good']

export function worse(one: Quality | undefined, other: Quality | undefined): Quality | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return ORDER.indexOf(one) < ORDER.indexOf(other) ? one : other
}

/** The lines after an event that tells of some of them. */
export function withLines(
  before: Lines,
  event: { participants: Record<string, Quality>; lines: Record<string, LineFigures>; gone: string[] },
): Lines {
  const next = new Map(before)
  for (const [who, state] of Object.entries(event.participants)) {
    const figures = event.lines[who]
    if (figures !== undefined) next.set(who, { state, ...figures })
  }
  for (const who of event.gone) next.delete(who)
  return next
}

/** One's own line in words: good both ways is one word, else the ways are told apart (only one may need a remedy). */
export function wayWords(
  up: Quality | undefined,
  down: Quality | undefined,
): { way: 'both' | 'up' | 'down'; state: Quality; word: string }[] {
  const known = [
    { way: 'up' as const, state: up, word: `common.upOf.${up ?? 'good'}` },
    { way: 'down' as const, state: down, word: `common.downOf.${down ?? 'good'}` },
  ].flatMap((one) => (one.state === undefined ? [] : [{ ...one, state: one.state }]))
  if (known.length === 0 || known.some((one) => one.state !== 'good')) return known
  return [{ way: 'both', state: 'good', word: 'common.quality.good' }]
}

export interface BadLine {
  readonly person: Participant
  /** The worse of both ways; somebody who dropped out is `lost`. */
  readonly state: Quality
  /** `offline`, `reconnecting`: the connection itself, whatever the lines were. */
  readonly connection: ParticipantPresence['state']
  /** ms since 1970 of the beginning of this trouble, undefined where nobody knows. */
  readonly since: number | undefined
  readonly up: Line | undefined
  readonly down: Line | undefined
  /** As the person's page says: `modeOf`. */
  readonly mode: readonly string[]
}

/** Everybody in the meeting whose line is not good, the worst first, of equals the longest. */
export function badLines(
  people: readonly Participant[],
  up: Lines,
  down: Lines,
  presence: ReadonlyMap<string, ParticipantPresence>,
): BadLine[] {
  const found: BadLine[] = []
  for (const person of people) {
    if (person.state !== 'joined') continue
    const connection = presence.get(person.id)?.state ?? 'online'
    const [sending, receiving] = [up.get(person.id), down.get(person.id)]
    const state = connection === 'online' ? worse(sending?.state, receiving?.state) : 'lost'
    if (state === undefined || state === 'good') continue
    const begun = [sending, receiving].filter((one) => one?.state === state).map((one) => Date.parse(one?.since ?? ''))
    const since = begun.length === 0 ? undefined : Math.min(...begun)
    const mode = modeOf(presence.get(person.id))
    found.push({ person, state, connection, since, up: sending, down: receiving, mode })
  }
  return found.sort(
    (a, b) =>
      ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
      (a.since ?? 0) - (b.since ?? 0) ||
      a.person.id.localeCompare(b.person.id),
  )
}

/** Who of these is connected over the relay. */
export function relayed(people: readonly Participant[], presence: ReadonlyMap<string, ParticipantPresence>): Participant[] {
  return people.filter((one) => one.state === 'joined' && presence.get(one.id)?.way === 'relay')
}

/** How somebody's line is used, as words to look up: over the relay, and with which pictures; nothing of a straight line with all. */
export function modeOf(told: Pick<ParticipantPresence, 'state' | 'way' | 'pictures' | 'weak'> | undefined): string[] {
  // of a page that is away nobody knows
  if (told?.state !== 'online') return []
  const { way, pictures, weak } = told
  return [...(way === 'relay' ? ['lines.relay'] : []), ...(pictures === 'all' ? [] : [`lines.${weak ? 'weak' : 'takes'}.${pictures}`])]
}

/** Bad enough that somebody has to do something. */
export function isTrouble(line: BadLine): boolean {
  return line.state === 'poor' || line.state === 'lost'
}

/** A bit rate for people: `640 kbit/s`, `1.5 Mbit/s`. */
export function rateText(bps: number): string {
  return bps < 1_000_000 ? `${String(Math.round(bps / 1000))} kbit/s` : `${(bps / 1_000_000).toFixed(1)} Mbit/s`
}
