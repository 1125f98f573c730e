/** Who speaks at which moment, and what is said. Pure. */
import type { SaidLine, Voices } from '@/protocol/types'

import type { LaneSpan, VoiceOf } from '../archive.contract'

/** By participant; undefined while nothing was listened to. */
export function voicesOf(found: Voices | undefined): VoiceOf[] | undefined {
  if (found === undefined || found.listened === 0) return undefined
  const by = new Map<string, { fromMs: number; toMs: number }[]>()
  for (const voice of found.voices) {
    const spans = by.get(voice.participant) ?? []
    spans.push(...voice.spans.map(([fromMs = 0, toMs = 0]) => ({ fromMs, toMs })))
    by.set(voice.participant, spans)
  }
  return [...by].map(([participant, spans]) => ({ participant, spans: spans.sort((a, b) => a.fromMs - b.fromMs) }))
}

/** A pause for thought within what one says, as a lane shows it. */
const PAUSE_MS = 1_500

/** Stretches of a lane, in the order of their beginnings. */
export function laneOf(voices: readonly VoiceOf[], say: (participant: string, fromMs: number, toMs: number) => string): LaneSpan[] {
  const spans: LaneSpan[] = []
  for (const { participant, spans: own } of voices) {
    const turns: { fromMs: number; toMs: number }[] = []
    for (const { fromMs, toMs } of own) {
      const last = turns.at(-1)
      if (last !== undefined && fromMs - last.toMs < PAUSE_MS) last.toMs = Math.max(last.toMs, toMs)
      else turns.push({ fromMs, toMs })
    }
    spans.push(...turns.map((turn) => ({ ...turn, tone: 'going' as const, text: say(participant, turn.fromMs, turn.toMs) })))
  }
  return spans.sort((a, b) => a.fromMs - b.fromMs)
}

/** A line stays this long behind its end, so that it can be read. */
const STAYS_MS = 1_200

/** What is said at this moment, at most two lines, the last ones. `lines` by their beginnings. */
export function linesAt(lines: readonly SaidLine[], ms: number): readonly SaidLine[] {
  let low = 0
  let high = lines.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines[middle]?.from_ms ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return lines.slice(Math.max(0, low - 4), low).filter((line) => ms < line.to_ms + STAYS_MS).slice(-2)
}
