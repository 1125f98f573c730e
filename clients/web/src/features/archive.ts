/** What all features bring to a meeting's page in the archive, put together. */
import type { Component } from 'vue'

import type { Snapshot } from '@/protocol/types'

import type { ArchiveDrawer, ArchiveFilm, ArchivePart, ArchivePlace, SpanLane, VoiceOf } from './archive.contract'
import type { Figure, Key, Shortcut, Shown } from './contract'

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

export interface ArchiveFurnished {
  readonly keys: () => readonly Key[]
  readonly playKeys: () => readonly Key[]
  readonly underBar: readonly Shown[]
  readonly instead: Shown | undefined
  readonly drawers: readonly ArchiveDrawer[]
  readonly proofs: readonly Shown[]
  readonly overtaken: () => ReadonlySet<number>
  readonly lanes: () => readonly SpanLane[]
  readonly film: () => ArchiveFilm | undefined
  readonly voice: () => readonly VoiceOf[] | undefined
  /** In the order of the help. */
  readonly shortcuts: readonly Shortcut[]
  /** Do what is done by this name; false where no feature does it. */
  readonly act: (does: string) => boolean
}

/** Call it once for a page, in its scope. */
export function furnishArchive(place: ArchivePlace): ArchiveFurnished {
  const all = PARTS.map((part) => part.page?.(place) ?? {})
  const byPlace = (a: { readonly place: number }, b: { readonly place: number }): number => a.place - b.place
  const first = <T>(found: readonly (T | undefined)[]): T | undefined => found.find((one) => one !== undefined)
  return {
    keys: () => all.flatMap((one) => one.keys?.() ?? []).sort(byPlace),
    playKeys: () => all.flatMap((one) => one.playKeys?.() ?? []).sort(byPlace),
    underBar: all.flatMap((one) => one.underBar ?? []),
    instead: first(all.map((one) => one.instead)),
    drawers: all.flatMap((one) => one.drawers ?? []),
    proofs: all.flatMap((one) => one.proofs ?? []),
    overtaken: () => new Set(all.flatMap((one) => [...(one.overtaken?.() ?? [])])),
    lanes: () => all.flatMap((one) => one.lanes?.() ?? []).sort(byPlace),
    film: () => first(all.map((one) => one.film?.())),
    voice: () => first(all.map((one) => one.voice?.())),
    shortcuts: all.flatMap((one) => one.shortcuts ?? []).sort(byPlace),
    act: (does) => {
      const act = first(all.map((one) => one.acts?.[does]))
      act?.()
      return act !== undefined
    },
  }
}
