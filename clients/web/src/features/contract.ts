/**
 * What a feature may bring to the pages: the side of one rule file that people see. A feature is a folder here; each of its
 * files below is found by its name (`import.meta.glob`), and all of them may be missing:
 *
 *   words.zh.ts, words.en.ts   its words; they stand below the folder's name
 *   record.ts                  `RecordPart`: how its entries are told in the record, the time line and the log
 *   console.ts                 `ConsolePart`: tabs, keys, shortcuts, numbers of a meeting's desk
 *   lobby.ts                   `LobbyPart`: what stands on the console with or without a meeting (`lobby.contract.ts`)
 *   station.ts                 `StationPart`: keys and panes of the station's page
 *   wall.ts                    `WallPart`: what stands on the big screen, above and below its pictures (`wall.contract.ts`)
 *   archive.ts                 `ArchivePart`: sections of the minutes, numbers of a meeting, and what its page has: keys, drawers, lanes, a film (`archive.contract.ts`)
 *   room.ts                    `RoomPart`: a room of the app: its place in the rail, its addresses, its pages
 *   admin.ts                   `AdminPart`: sections of 管理
 *   account.ts                 `AccountPart`: a section of one's account's page
 *   shell.ts                   `ShellPart`: what it has in the frame, whatever room one is in
 *   overview.ts                `OverviewPart`: numbers and cards of 总览 (these five: `rooms.contract.ts`)
 *   desk.zh.ts, desk.en.ts     more of its words, below the same name: those that a station never shows
 *   call.zh.ts, call.en.ts     those that only a meeting's own pages show: its desk, its record, its wall
 *   archive.zh.ts, archive.en.ts  those that only the page of one meeting in the archive shows
 *   house.zh.ts, house.en.ts   and those that only administrators of the house are shown
 *
 * One file a page, so that a station does not fetch what only a console shows. A feature knows `parts`, `state` and
 * `protocol`, never a page or another feature; what it needs of the page it is given by the page.
 */
import type { Component, Ref } from 'vue'

import type { Actions } from '@/parts/actions'
import type { Called } from '@/parts/attendance'
import type { Account, Center, CommandData, CommandKind, Entry, EntryKind, Order, Participant, ParticipantRef, Snapshot } from '@/protocol/types'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

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
  /** Whether it is one of a run that is told as a whole: a list leaves it out until its lane is chosen, the time line always. */
  readonly ofRun?: (entry: EntryOf<K>) => boolean
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

// ---------------------------------------------------------------- what several pages show

/** A component and what it is given, made by `shown`, which holds the one against the other. */
export interface Shown {
  readonly component: Component
  /** Props, and listeners as `onName`; undefined where there is nothing to show now. */
  readonly given: () => Readonly<Record<string, unknown>> | undefined
}

/** Centers by code, with their names. */
export type Centers = readonly { readonly code: string; readonly name: string }[]

/** A text of the messages with its words. */
export interface Said {
  /** Message key. */
  readonly says: string
  readonly words?: Readonly<Record<string, string | number>>
}

/** A number that matters: large, in one place, and the way to its list. */
export interface Figure extends Said {
  readonly id: string
  readonly place: number
  readonly value: number
  /** Of so many. */
  readonly of?: number
  /** Abnormal. */
  readonly late?: boolean
  /** What stands there under the pointer. */
  readonly more?: Said
  /** The tab with its list. */
  readonly tab?: string
}

// ---------------------------------------------------------------- the console

/** A key of the keyboard; listed in the help before a meeting, too. */
export interface Shortcut {
  /** `KeyboardEvent.key` in lower case; or a word, for what is no single key. */
  readonly key: string
  /** Only with Shift: what cannot be undone is never a single letter. */
  readonly shift?: true
  readonly shown: string
  /** What is done: a key of `OnDesk.acts`, or of the key on the page that says so. */
  readonly does: string
  /** Message key. */
  readonly says: string
  /** Where it stands in the help: 10, 20, … */
  readonly place: number
}

/** A key on the page. */
export interface Key {
  /** For tests, and to tell keys apart. */
  readonly id: string
  /** Name of the action whose state it shows: on its way, refused. */
  readonly name: string
  readonly place: number
  readonly label: Said
  readonly tone?: 'plain' | 'main' | 'danger' | 'on' | 'live'
  /** The right without which it would be refused (`can` of the meeting, or of oneself): who lacks it does not see the key. */
  readonly needs?: string
  /** The shortcut that presses it. */
  readonly does?: string
  readonly pressed?: boolean
  readonly disabled?: boolean
  /** Message key of what stands there under the pointer. */
  readonly title?: string
  /** Message key of why it did not work, for a key that is no command. */
  readonly said?: string | undefined
  readonly state?: string
  readonly press: () => void
}

/** A key of the command bar; left to right: what is written, whom it is about, oneself, the meeting. */
export interface BarKey extends Key {
  readonly group: 'write' | 'person' | 'own' | 'meeting'
  /** Never in the menu of a narrow window. */
  readonly stays?: true
  /** In the menu but for a very wide window: not pressed every minute. */
  readonly folds?: true
  /** Down, and no longer: a key that counts while it is held. */
  readonly hold?: { readonly down: () => void; readonly up: () => void }
}

/** A key about somebody: the bar has it for whom is selected, a tile for whom it shows. */
export interface PersonKey extends Omit<Key, 'id'> {
  /** One word: broadcast, mute. */
  readonly verb: string
  readonly where: 'both' | 'bar' | 'tile'
  /** Also about somebody who has left. */
  readonly away?: true
  /** Also about a camera that was brought in; the others cannot be pressed then. */
  readonly cameras?: true
  /** Also about a grid member's phone; without this or `cameras` it cannot be pressed then. */
  readonly phones?: true
}

/** A tab at the right. */
export interface Tab {
  readonly name: string
  readonly place: number
  /** Message key. */
  readonly says: string
  /** Its instance may expose `open(about?: Centers)`: put the cursor there, for these centers. */
  readonly panel: Shown
  readonly count?: () => number
  /** Whether it is there now; without it, it always is. */
  readonly there?: () => boolean
  /** It holds something abnormal that was not looked at. */
  readonly calls?: () => boolean
  /** Kept while another tab is shown, so that words half written stay. */
  readonly keeps?: true
}

/** Whom something can be meant for, as the desk stands. */
export interface TargetChoice {
  readonly id: 'stage' | 'selected' | 'arrived' | 'ticked'
  readonly centers: Centers
}

/** What the desk of a meeting gives to the features that stand on it. */
export interface ConsoleDesk {
  readonly account: Account
  readonly live: Live
  readonly room: MeetingRoom
  readonly actions: Actions
  /** The meeting as it stands; undefined until it was read: before, no tab is shown. */
  readonly meeting: Readonly<Ref<Snapshot | undefined>>
  readonly recording: Readonly<Ref<boolean>>
  /** ms since 1970; stands still while the hub is away. */
  readonly now: Readonly<Ref<number>>
  /** As of when all is known, while the hub is away. */
  readonly asOf: Readonly<Ref<number | undefined>>
  /** Whom keys act on: who was selected, else who is on the stage. */
  readonly person: Readonly<Ref<Participant | undefined>>
  /** Every called center with its state. */
  readonly called: Readonly<Ref<readonly Called[]>>
  readonly targets: Readonly<Ref<readonly TargetChoice[]>>
  /** One's own center and all below it, parents first. */
  readonly centers: Readonly<Ref<readonly Center[]>>
  /** Levels below one's own of which not all centers are called yet. */
  readonly levels: Readonly<Ref<readonly ('county' | 'township')[]>>
  /** Codes of a level's centers below one's own that are not called yet. */
  uncalled: (level: 'county' | 'township') => readonly string[]
  /** Whether others get one's own picture or sound. */
  readonly sends: Readonly<Ref<boolean>>
  /** Whether the key to talk is held. */
  readonly held: Readonly<Ref<boolean>>
  /** Name of the tab that is shown. */
  readonly tab: Readonly<Ref<string>>
  /** What ending the meeting leaves, as all features say it. */
  readonly stays: () => readonly string[]
  nameOf: (center: string) => string
  placeOf: (center: string) => string
  /** How somebody's devices and line are, in words. */
  deviceOf: (participant: string) => string
  /** The center of somebody as a target: below one's own, else none. */
  targetOf: (person: Participant) => Centers
  select: (participant: string) => void
  /** Show a tab and put the cursor there. */
  open: (tab: string, about?: Centers) => void
  /** Begin an order to these centers. */
  order: (centers: Centers) => void
  /** Command from the key of this name; whether the hub accepted. */
  send: <K extends CommandKind>(name: string, kind: K, data: CommandData[K]) => Promise<boolean>
  /** The same from a key that may send several at once. */
  add: <K extends CommandKind>(name: string, kind: K, data: CommandData[K]) => Promise<boolean>
  /** The hub closed the meeting's media: away from the desk. */
  away: (to: 'lobby' | 'record') => void
  t: (key: string, words?: Readonly<Record<string, string | number>>) => string
}

/** What a feature has on a desk. Functions are read while the page draws: they may look at refs. */
export interface OnDesk {
  readonly tabs?: readonly Tab[]
  readonly keys?: () => readonly BarKey[]
  /** Keys about somebody; without anybody they keep their places in the bar, and cannot be pressed. */
  readonly about?: (person: Participant | undefined) => readonly PersonKey[]
  /** Questions and sheets over the page. */
  readonly over?: readonly Shown[]
  /** At the head of the pictures, within their share of the page: what runs there. */
  readonly aboveStage?: readonly Shown[]
  /** At the foot of the picture, within its share of the page: it hides nothing. */
  readonly onStage?: readonly Shown[]
  /** Sources whose pictures are to be at hand, though no tile shows them: whoever comes next. */
  readonly wants?: () => readonly string[]
  readonly figures?: () => readonly Figure[]
  /** What ending the meeting leaves, in words; said by place: 10, 20, … */
  readonly stays?: () => readonly { readonly place: number; readonly text: string }[]
  /** How much waits for this person: stands in the window's title. */
  readonly waiting?: () => number
  /** What is said aloud when it changes. */
  readonly spoken?: () => string
  /** What shortcuts do that have no key on the page. */
  readonly acts?: Readonly<Record<string, () => void>>
}

/** What a meeting's desk has: it comes when a meeting is entered. */
export interface ConsolePart {
  readonly shortcuts?: readonly Shortcut[]
  /** Called once for each meeting that is entered, in the scope of its desk. */
  readonly desk?: (desk: ConsoleDesk) => OnDesk
}

// ---------------------------------------------------------------- the station

/** What the station's page gives to the features that stand on it. */
export interface StationDesk {
  readonly account: Account
  readonly live: Live
  readonly actions: Actions
  /** The meeting that the station is in, here or in another tab; null while it waits. */
  readonly meeting: Readonly<Ref<string | null>>
  /** The same where it is followed here: what the hub tells of it. */
  readonly room: Readonly<Ref<MeetingRoom | undefined>>
  /** The same as it stands, where it is followed here. */
  readonly view: Readonly<Ref<Snapshot | undefined>>
  /** The orders of the own center. */
  readonly orders: Readonly<Ref<readonly Order[]>>
  /** ms since 1970 */
  readonly now: Readonly<Ref<number>>
  /** The own microphone: whether it was turned off here, and how that is changed. */
  readonly microphone: { readonly off: Readonly<Ref<boolean>>; readonly open: (on: boolean) => void }
}

/** A large key among those of a meeting: for a finger, with a picture and a word. */
export interface StationKey extends Pick<Key, 'id' | 'name' | 'place' | 'label' | 'pressed' | 'disabled' | 'state' | 'press'> {
  /** SVG path in a box of 24, drawn as a line. */
  readonly icon: string
}

/** A part of the station's page: among the keys (before them while the station waits), a row under them in a meeting, or below all. */
export interface StationPane {
  readonly where: 'keys' | 'meeting' | 'below'
  readonly place: number
  readonly pane: Shown
}

export interface OnStation {
  readonly keys?: () => readonly StationKey[]
  readonly panes?: readonly StationPane[]
  /** A strip under the head. */
  readonly strip?: Shown
  /** What stands over the page. */
  readonly over?: readonly Shown[]
  /** At the foot of the picture, within its share of the page: it hides nothing. */
  readonly onStage?: readonly Shown[]
  /** How much waits for this person: stands in the window's title. */
  readonly waiting?: () => number
}

export interface StationPart {
  /** Called once, in the scope of the page. */
  readonly station: (desk: StationDesk) => OnStation
}
