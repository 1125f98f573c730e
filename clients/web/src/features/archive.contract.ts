/** What a feature may bring to the page of one meeting in the archive. */
import type { Component, Ref } from 'vue'

import type { Account, Entry, Part, Snapshot } from '@/protocol/types'

import type { Figure, Key, Shape, Shortcut, Shown } from './contract'

/**
 * One meeting's page in the archive, as features on it see it and move it. Moments are ms since the meeting was opened;
 * pictures, time line and record are always at the same one.
 */
export interface ArchivePlace {
  readonly id: string
  readonly account: Account
  readonly meeting: Readonly<Ref<Snapshot | undefined>>
  /** Whether an entry was gone to. */
  readonly reviewed: Readonly<Ref<boolean>>
  /** In the order of their moments. */
  readonly entries: Readonly<Ref<readonly Entry[]>>
  /** What was recorded. */
  readonly parts: Readonly<Ref<readonly Part[]>>
  /** The meeting still runs: all of it grows. */
  readonly live: Readonly<Ref<boolean>>
  /** As of when all is known, while the hub is away. */
  readonly asOf: Readonly<Ref<number | undefined>>
  readonly lengthMs: Readonly<Ref<number>>
  readonly positionMs: Readonly<Ref<number>>
  readonly playing: Readonly<Ref<boolean>>
  /** What is played: the film, or what was recorded. `has`: whether there is a film. */
  readonly film: { readonly has: Readonly<Ref<boolean>>; readonly played: Readonly<Ref<boolean>> }
  /** The stretch chosen on the time line, for what is done with a stretch. */
  readonly chosen: Ref<Stretch | null>
  /** Which drawer is open; it stands in the address, too (`?open=`). */
  readonly drawer: Readonly<Ref<string | null>>
  play: () => void
  pause: () => void
  seek: (ms: number) => void
  /** To the moment of an entry, which is marked in the record. */
  goTo: (entry: Entry) => void
  /** An entry as a sentence. */
  say: (entry: Entry) => string
  /** Center and name of an account. */
  person: (account: string) => string
  /** Entries that a command from this page caused: shown at once. */
  learn: (entries: readonly Entry[]) => void
  /** Open a drawer in place of any other. */
  open: (drawer: string) => void
  close: () => void
  t: (key: string, words?: Readonly<Record<string, string | number>>) => string
}

/** From one moment to another, ms since the meeting was opened. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
}

/** A stretch on a lane. */
export interface LaneSpan extends Stretch {
  readonly tone: Shape['tone']
  /** Thin: in the background of its lane. */
  readonly thin?: true
  /** What stands there under the pointer, already in words. */
  readonly text?: string
}

/** A lane of the time line whose stretches are no entries: who spoke, what the line was like, where nothing is recorded. */
export interface SpanLane {
  readonly id: string
  /** From top to bottom below the recorded parts: 10, 20, …; the lanes of entries follow all of these. */
  readonly place: number
  /** Its name, already in words. */
  readonly name: string
  /** In the order of their beginnings. */
  readonly spans: readonly LaneSpan[]
}

/** Where somebody's voice was found; what lies between may be skipped. In the order of their beginnings. */
export interface VoiceOf {
  readonly participant: string
  readonly spans: readonly Stretch[]
}

/** A film of the meeting: one file with the stage as it was seen. */
export interface ArchiveFilm {
  /** Its address. */
  readonly media: string
  /** Its first picture is at this moment of the meeting. */
  readonly offsetMs: number
  readonly durationMs: number
}

/** A drawer at the right edge. Its component brings `SideDrawer` of `parts`, and is given `onClose` beside what is given here. */
export interface ArchiveDrawer {
  readonly id: string
  readonly shown: Shown
}

/** What a feature has on the page. Functions are read while the page draws: they may look at refs. */
export interface OnArchive {
  /** Keys of the head, beside minutes, link and proof (which stand at 10, 20 and 30). */
  readonly keys?: () => readonly Key[]
  /** Keys of the player's bar. */
  readonly playKeys?: () => readonly Key[]
  /** What stands between the player's bar and the time line: a question about a chosen stretch, an answer. */
  readonly underBar?: readonly Shown[]
  /** What stands in place of the pictures when all that was recorded is destroyed. */
  readonly instead?: Shown
  readonly drawers?: readonly ArchiveDrawer[]
  /** Sections of the drawer of proofs, below what it says of an entry. */
  readonly proofs?: readonly Shown[]
  /** Numbers of entries that another one has overtaken: no list and no line shows them until their lane is chosen. */
  readonly overtaken?: () => ReadonlySet<number>
  readonly lanes?: () => readonly SpanLane[]
  /** The film to be played, where there is one. */
  readonly film?: () => ArchiveFilm | undefined
  /** Whose voice was where; undefined while that is not known. */
  readonly voice?: () => readonly VoiceOf[] | undefined
  /** Keys of the keyboard, shown in the help; a single letter or sign. */
  readonly shortcuts?: readonly Shortcut[]
  /** What shortcuts do, by their `does`. */
  readonly acts?: Readonly<Record<string, () => void>>
}

export interface ArchivePart {
  /** Sections of the minutes stand by this: 10, 20, …; the component is given `meeting` and `now` (ms since 1970). */
  readonly minutes?: { readonly place: number; readonly section: Component }
  /** `now`: ms since 1970. */
  readonly figures?: (meeting: Snapshot, now: number) => readonly Figure[]
  readonly strip?: (place: ArchivePlace) => Shown
  /** Called once for each meeting that is opened, in the scope of its page. What is large is fetched when it is opened. */
  readonly page?: (place: ArchivePlace) => OnArchive
}
