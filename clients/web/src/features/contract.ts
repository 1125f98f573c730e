/**
 * What a feature may bring to the pages: the side of one rule file that people see. A feature is a folder here; each of its
 * files below is found by its name (`import.meta.glob`), and all of them may be missing:
 *
 *   words.zh.ts, words.en.ts   its words; they stand below the folder's name
 *   record.ts                  `RecordPart`: how its entries are told in the record, the time line and the log
 *   console.ts                 `ConsolePart`: tabs, keys, shortcuts, numbers of the console
 *   station.ts                 `StationPart`: keys and panes of the station's page
 *   archive.ts                 `ArchivePart`: sections of the minutes, numbers of a meeting
 *
 * One file a page, so that a station does not fetch what only a console shows. A feature knows `parts`, `state` and
 * `protocol`, never a page or another feature; what it needs of the page it is given by the page.
 */
import type { Entry, EntryKind, ParticipantRef, Snapshot } from '@/protocol/types'

// ---------------------------------------------------------------- the record

/** An entry as a sentence: the message and the words that go into it. `quote` is what a person wrote, shown as it is. */
export interface Sentence {
  /** Message key. */
  readonly key: string
  readonly words: Readonly<Record<string, string | number>>
  readonly quote: string
}

/** A shape on the time line: its kind is a shape, its state a colour that stands for it elsewhere, too. */
export interface Shape {
  /** SVG path around 0,0 within ±6. */
  readonly d: string
  /** A filled part of an open shape. */
  readonly inner?: string
  readonly tone: 'good' | 'going' | 'signed' | 'late' | 'warn' | 'quiet' | 'accent'
  readonly solid: boolean
}

/** A lane of the time line, and a filter of the record. */
export interface Lane {
  readonly name: string
  /** Lanes stand by this from top to bottom: 10, 20, … */
  readonly place: number
  /** Message key. */
  readonly says: string
  /** No lane on the line, and left out of the record until its filter is chosen. */
  readonly aside?: true
}

/** Who and what is meant by an id, as far as the meeting has told; an id that nothing was told of stands for itself. */
export interface Told {
  /** Center and name of an account. */
  person(account: string): string
  center(code: string): string
  /** The beginning of the words that something was made with: an order's text. */
  words(id: string): string
}

/** Takes what a snapshot or an entry teaches about ids. */
export interface Learner {
  person(who: Pick<ParticipantRef, 'id' | 'name' | 'center' | 'center_name'>): void
  center(code: string, name: string): void
  words(id: string, text: string): void
}

/** The entry of one kind. */
export type EntryOf<K extends EntryKind> = Extract<Entry, { kind: K }>

/** How the entries of one kind are told. */
export interface Telling<K extends EntryKind> {
  readonly sentence: (entry: EntryOf<K>, told: Told) => Sentence
  readonly shape: Shape | ((entry: EntryOf<K>) => Shape)
  /** The name of another lane than the feature's own. */
  readonly lane?: string
  /** When it counts (ISO 8601), where that is not when it was written. */
  readonly moment?: (entry: EntryOf<K>) => string
  /** What it is about: entries about one subject are joined by a line in their lane. */
  readonly subject?: (entry: EntryOf<K>) => string
  /** It comes so often that the console's log leaves it out until somebody asks. */
  readonly quiet?: true
}

/** A kind that no page tells, and why. */
export interface Untold {
  readonly untold: string
}

export interface RecordPart {
  readonly lane?: Lane
  /** Each kind stands in one feature only. */
  readonly entries: { readonly [K in EntryKind]?: Telling<K> | Untold }
  /** What an entry teaches about ids. */
  readonly learn?: (learner: Learner, entry: Entry) => void
  /** What the meeting as it stands teaches about ids. */
  readonly know?: (learner: Learner, meeting: Snapshot) => void
}
