/** Who was recorded when, and where somebody was in the meeting and was not. Plain values, ms since the meeting was opened. */
import type { Entry, Part } from '@/protocol/types'

import type { Stretch } from '../archive.contract'

/** Shorter than this it is no gap: a part begins when the first packet comes. */
const LEAST_MS = 3_000

export interface Gap extends Stretch {
  readonly participant: string
  readonly name: string
}
export interface Person {
  readonly id: string
  readonly name: string
}

/** Everybody of whom anything was recorded, in the order of their first parts. */
export function recordedPeople(parts: readonly Part[]): Person[] {
  const found = new Map<string, string>()
  for (const part of [...parts].sort((a, b) => a.offset_ms - b.offset_ms)) if (!found.has(part.participant)) found.set(part.participant, part.name)
  return [...found].map(([id, name]) => ({ id, name }))
}

const endOf = (part: Part, nowMs: number): number => (part.state === 'recording' ? nowMs : part.offset_ms + (part.duration_ms ?? 0))

/** A picture that can be taken: somebody's camera, or the screen that he shared. */
export interface Pictured extends Person {
  readonly source: Part['source']
}

/** Whose pictures stand at a moment; who was broadcast then comes first. */
export function picturesAt(parts: readonly Part[], entries: readonly Entry[], openedAt: string, atMs: number): Pictured[] {
  const here = parts.filter((part) => part.state === 'closed' && part.offset_ms <= atMs && atMs <= endOf(part, atMs) && part.tracks.some((track) => track.kind === 'video'))
  const people = (['camera', 'screen'] as const).flatMap((source) => recordedPeople(here.filter((part) => part.source === source)).map((one) => ({ ...one, source })))
  let onAir: string | null = null
  for (const entry of entries) if (entry.kind === 'stage.broadcast' && Date.parse(entry.at) - Date.parse(openedAt) <= atMs) onAir = entry.data.participant
  return people.sort((a, b) => Number(b.id === onAir) - Number(a.id === onAir))
}

/** Where somebody was in the meeting, had been recorded or was to be, and was not recorded; only while a recording ran. */
export function gapsOf(entries: readonly Entry[], parts: readonly Part[], openedAt: string, lengthMs: number): Gap[] {
  const at = (entry: Entry): number => Date.parse(entry.at) - Date.parse(openedAt)
  const gaps: Gap[] = []
  for (const { id, name } of recordedPeople(parts)) {
    // a shared screen comes and goes as it is shared
    const own = parts.filter((part) => part.participant === id && part.source === 'camera').sort((a, b) => a.offset_ms - b.offset_ms)
    let there = 0
    // between a part and the next: was the person in the meeting all the time?
    for (let index = 1; index < own.length; index += 1) {
      const [before, after] = [own[index - 1], own[index]]
      if (!before || !after) continue
      there = Math.max(there, endOf(before, lengthMs))
      const absent = entries.filter(
        (entry) => (entry.kind === 'meeting.left' || entry.kind === 'participant.removed') && entry.data.participant === id && at(entry) >= there - LEAST_MS && at(entry) <= after.offset_ms,
      )
      const stopped = entries.filter((entry) => entry.kind === 'recording.stopped' && at(entry) >= there - LEAST_MS && at(entry) <= after.offset_ms)
      if (absent.length === 0 && stopped.length === 0 && after.offset_ms - there >= LEAST_MS) gaps.push({ participant: id, name, fromMs: there, toMs: after.offset_ms })
    }
    for (const part of own) if (part.state === 'lost') gaps.push({ participant: id, name, fromMs: part.offset_ms, toMs: Math.max(part.offset_ms + LEAST_MS, endOf(part, lengthMs)) })
  }
  return gaps.sort((a, b) => a.fromMs - b.fromMs)
}
