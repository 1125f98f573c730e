/** What all features bring to a meeting's page in the archive: sections of the minutes, numbers, strips under the head. */
import type { Component } from 'vue'

import type { Snapshot } from '@/protocol/types'

import type { ArchivePart, ArchivePlace, Figure, Shown } from './contract'

const PARTS = Object.values(import.meta.glob<ArchivePart>('./*/archive.ts', { eager: true, import: 'default' }))

/** From top to bottom. */
export const MINUTES: readonly Component[] = PARTS.flatMap((part) => part.minutes ?? [])
  .sort((a, b) => a.place - b.place)
  .map((one) => one.section)

/** `now`: ms since 1970. */
export function figuresOf(meeting: Snapshot, now: number): readonly Figure[] {
  return PARTS.flatMap((part) => part.figures?.(meeting, now) ?? []).sort((a, b) => a.place - b.place)
}

export function stripsOf(place: ArchivePlace): readonly Shown[] {
  return PARTS.flatMap((part) => part.strip?.(place) ?? [])
}
