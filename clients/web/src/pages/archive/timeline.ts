/** Where things stand on the time line: milliseconds to pixels and back, ticks, lanes and marks. No Vue, no DOM. */

import type { Lane } from '@/features/contract'
import { isOfRun, laneOf, momentIn, subjectOf } from '@/features/record'
import type { Entry, Hole, Part } from '@/protocol/types'

/** A stretch of the meeting laid over a width in pixels. */
export interface Scale {
  readonly fromMs: number
  readonly toMs: number
  readonly widthPx: number
}

export function toPx(scale: Scale, ms: number): number {
  const length = scale.toMs - scale.fromMs
  return length <= 0 ? 0 : ((ms - scale.fromMs) / length) * scale.widthPx
}

/** The moment under a pixel, kept within the stretch. */
export function toMs(scale: Scale, px: number): number {
  if (scale.widthPx <= 0) return scale.fromMs
  const share = Math.max(0, Math.min(1, px / scale.widthPx))
  return scale.fromMs + share * (scale.toMs - scale.fromMs)
}

/** A stretch `factor` times as long, with the moment under `px` staying under `px`, within 0..`totalMs`. */
export function zoomed(scale: Scale, factor: number, px: number, totalMs: number): Scale {
  const shortest = Math.min(10_000, totalMs)
  const length = Math.max(shortest, Math.min(totalMs, (scale.toMs - scale.fromMs) * factor))
  const pivot = toMs(scale, px)
  const share = scale.widthPx > 0 ? px / scale.widthPx : 0
  const from = Math.max(0, Math.min(totalMs - length, pivot - share * length))
  return { fromMs: from, toMs: from + length, widthPx: scale.widthPx }
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400].map(
  (seconds) => seconds * 1000,
)

/** Moments to label: the smallest round step that leaves each label `minGapPx`. */
export function ticks(scale: Scale, minGapPx = 90): number[] {
  const length = scale.toMs - scale.fromMs
  if (length <= 0 || scale.widthPx <= 0) return []
  const wanted = (minGapPx / scale.widthPx) * length
  const step = STEPS_MS.find((candidate) => candidate >= wanted) ?? 86_400_000
  const found: number[] = []
  for (let at = Math.ceil(scale.fromMs / step) * step; at <= scale.toMs; at += step) found.push(at)
  return found
}

/** The moment of an entry that counts on the time line, in ms since the meeting was opened. */
export function momentOf(entry: Entry, openedAt: string): number {
  return Date.parse(momentIn(entry)) - Date.parse(openedAt)
}

/** Whether an entry happened while the meeting ran (orders go on being signed for days). */
export function isWithin(moment: number, totalMs: number): boolean {
  return moment >= 0 && moment <= totalMs + 1000
}

export interface Mark {
  readonly entry: Entry
  readonly lane: Lane
  /** ms since the meeting was opened */
  readonly atMs: number
}

export function marksOf(entries: readonly Entry[], openedAt: string, totalMs: number): Mark[] {
  const marks: Mark[] = []
  for (const entry of entries) {
    const lane = laneOf(entry.kind)
    const atMs = momentOf(entry, openedAt)
    if (lane !== undefined && lane.aside !== true && !isOfRun(entry) && isWithin(atMs, totalMs)) marks.push({ entry, lane, atMs: Math.min(atMs, totalMs) })
  }
  return marks.sort((a, b) => a.atMs - b.atMs)
}

/** Marks of a lane nearest to a pixel and not further than `reachPx`, nearest first. */
export function marksAt(marks: readonly Mark[], lane: string, scale: Scale, px: number, reachPx = 8): Mark[] {
  return marks
    .filter((mark) => mark.lane.name === lane && Math.abs(toPx(scale, mark.atMs) - px) <= reachPx)
    .sort((a, b) => Math.abs(toPx(scale, a.atMs) - px) - Math.abs(toPx(scale, b.atMs) - px))
}

/** What is about one subject (an order) within the meeting: a thin line from its first entry to its last. */
export interface Span {
  readonly lane: string
  readonly subject: string
  readonly fromMs: number
  readonly toMs: number
}

export function spansOf(marks: readonly Mark[]): Span[] {
  const spans = new Map<string, { lane: string; subject: string; fromMs: number; toMs: number }>()
  for (const { entry, lane, atMs } of marks) {
    const subject = subjectOf(entry)
    if (subject === undefined) continue
    const span = spans.get(subject)
    if (span) span.toMs = Math.max(span.toMs, atMs)
    else spans.set(subject, { lane: lane.name, subject, fromMs: atMs, toMs: atMs })
  }
  return [...spans.values()]
}

/** A stretch of one participant's lane. */
export interface Stretch {
  readonly part: string
  readonly fromMs: number
  readonly toMs: number
  readonly state: Part['state']
  readonly picture: boolean
  /** Where its picture or its sound shows or says nothing. */
  readonly holes: readonly Gap[]
}

/** A hole of a part, on the meeting's time line. */
export interface Gap {
  readonly kind: Hole['kind']
  readonly fromMs: number
  readonly toMs: number
  readonly why: Hole['why']
}

/** The holes of a part, on the meeting's time line. */
export function gapsOf(part: Part): Gap[] {
  return part.holes.map((hole) => ({ kind: hole.kind, fromMs: part.offset_ms + hole.from_ms, toMs: part.offset_ms + hole.to_ms, why: hole.why }))
}

/** The hole of this kind at a moment. */
export function gapAt(gaps: readonly Gap[], kind: Gap['kind'], ms: number): Gap | undefined {
  return gaps.find((gap) => gap.kind === kind && ms >= gap.fromMs && ms < gap.toMs)
}

export interface PartLane {
  readonly participant: string
  readonly name: string
  readonly center: string
  readonly stretches: readonly Stretch[]
}

/** One lane a participant, in order of first appearance; a part that is still growing reaches to `nowMs`. */
export function partLanes(parts: readonly Part[], nowMs: number): PartLane[] {
  const lanes = new Map<string, { name: string; center: string; stretches: Stretch[] }>()
  for (const part of [...parts].sort((a, b) => a.offset_ms - b.offset_ms)) {
    const lane = lanes.get(part.participant) ?? { name: part.name, center: part.center, stretches: [] }
    lanes.set(part.participant, lane)
    const end = part.state === 'recording' ? nowMs : part.offset_ms + (part.duration_ms ?? 0)
    lane.stretches.push({
      part: part.id,
      fromMs: part.offset_ms,
      toMs: Math.max(part.offset_ms, end),
      state: part.state,
      picture: part.tracks.some((track) => track.kind === 'video'),
      holes: gapsOf(part),
    })
  }
  return [...lanes].map(([participant, lane]) => ({ participant, ...lane }))
}

/** Index of the last entry at or before a moment, in a list sorted by moment; -1 before the first. */
export function currentIndex(moments: readonly number[], positionMs: number): number {
  let low = 0
  let high = moments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle] ?? Infinity) <= positionMs) low = middle + 1
    else high = middle
  }
  return low - 1
}
