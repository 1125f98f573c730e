/** Where somebody's line was bad, as recordings and alarms tell it. Plain values, ms since the meeting was opened. */
import type { Entry, Hole, Part } from '@/protocol/types'

import type { Stretch } from '../archive.contract'

/**
 * `lost`: some of what came was lost; `silent`: neither picture nor sound came, of somebody who sends both;
 * `again`: a recording ended and the next began soon, though nobody left; `many`: many were cut off at once.
 */
export interface Trouble extends Stretch {
  readonly what: 'lost' | 'silent' | 'again' | 'many'
  readonly words: Readonly<Record<string, string | number>>
}

/** Who is back later than this was away, which is told as a gap in the recording. */
const SOON_MS = 60_000

const overlap = (one: Hole, other: Hole): readonly [number, number] => [Math.max(one.from_ms, other.from_ms), Math.min(one.to_ms, other.to_ms)]

function holesOf(part: Part): Trouble[] {
  const words = { name: part.name }
  const at = (what: Trouble['what'], from: number, to: number): Trouble => ({ what, words, fromMs: part.offset_ms + from, toMs: part.offset_ms + to })
  const lost = part.holes.filter((hole) => hole.why === 'lost').map((hole) => at('lost', hole.from_ms, hole.to_ms))
  const missing = part.holes.filter((hole) => hole.why === 'nothing')
  const sound = missing.filter((hole) => hole.kind === 'audio')
  const silent = missing
    .filter((hole) => hole.kind === 'video')
    .flatMap((picture) => sound.map((one) => overlap(picture, one)))
    .filter(([from, to]) => to > from)
  return [...lost, ...silent.map(([from, to]) => at('silent', from, to))]
}

export function troublesOf(parts: readonly Part[], entries: readonly Entry[], openedAt: string, lengthMs: number): Trouble[] {
  const opened = Date.parse(openedAt)
  const at = (entry: Entry): number => Date.parse(entry.at) - opened
  const found = parts.flatMap(holesOf)

  const went = entries.filter((entry) => entry.kind === 'meeting.left' || entry.kind === 'participant.removed')
  const stops = entries.filter((entry) => entry.kind === 'recording.stopped' || entry.kind === 'meeting.paused').map(at)
  const last = new Map<string, number>()
  for (const part of [...parts].filter((one) => one.source === 'camera').sort((a, b) => a.offset_ms - b.offset_ms)) {
    const [before, since] = [last.get(part.participant), part.offset_ms]
    const isMeant = (ms: number): boolean => before !== undefined && ms >= before - 3_000 && ms <= since
    const left = went.filter((entry) => entry.data.participant === part.participant).map(at)
    if (before !== undefined && since > before && since - before <= SOON_MS && ![...stops, ...left].some(isMeant))
      found.push({ what: 'again', words: { name: part.name }, fromMs: before, toMs: since })
    last.set(part.participant, Math.max(before ?? 0, part.offset_ms + (part.duration_ms ?? 0)))
  }

  for (const raised of entries) {
    if (raised.kind !== 'alarm.raised' || raised.data.kind !== 'lost') continue
    const { alarm, words } = raised.data
    const over = entries.find((entry) => entry.kind === 'alarm.cleared' && entry.data.alarm === alarm)
    found.push({ what: 'many', words: { lost: words['lost'] ?? 0, of: words['of'] ?? 0 }, fromMs: at(raised), toMs: Math.min(lengthMs, over ? at(over) : lengthMs) })
  }
  return found.sort((a, b) => a.fromMs - b.fromMs)
}
