/** Skipping where nobody speaks. Plain values, ms since the meeting was opened. */
import type { Stretch, VoiceOf } from '@/features/archive.contract'

/** A pause shorter than this is kept: speech without its pauses is hard to follow. */
export const LEAST_MS = 1_500
/** So much before and after a voice is kept. */
export const ROOM_MS = 300

/** Where nobody's voice is, longer than LEAST_MS, between 0 and the end; in order. */
export function silences(voices: readonly VoiceOf[], lengthMs: number): Stretch[] {
  const spoken = voices
    .flatMap((one) => one.spans)
    .map(({ fromMs, toMs }) => ({ fromMs: fromMs - ROOM_MS, toMs: toMs + ROOM_MS }))
    .sort((a, b) => a.fromMs - b.fromMs)
  const found: Stretch[] = []
  let until = 0
  for (const { fromMs, toMs } of [...spoken, { fromMs: lengthMs, toMs: lengthMs }]) {
    if (fromMs - until >= LEAST_MS) found.push({ fromMs: until, toMs: fromMs })
    until = Math.max(until, toMs)
  }
  return found
}

/** Where to go on from a moment: the end of the silence that it is in; undefined within speech, and at the end of all. */
export function afterSilence(found: readonly Stretch[], atMs: number, lengthMs: number): number | undefined {
  const here = found.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs - 100)
  return here === undefined || here.toMs >= lengthMs ? undefined : here.toMs
}
