/** How entries are told: sentences, lanes and shapes of all features, for the archive and the console's log. No DOM. */
import { CONTROLS, type Entry, type EntryKind, type Snapshot } from '@/protocol/types'

import type { Lane, Learner, RecordPart, Sentence, Shape, Telling, Told } from './contract'
import { nameIn } from './words'

const FILES = import.meta.glob<RecordPart>('./*/record.ts', { eager: true, import: 'default' })
const PARTS = Object.entries(FILES).map(([path, part]) => ({ name: nameIn(path), part }))

/** A telling whose entry is given as it comes: that its kind is right is seen to by the table. */
interface AnyTelling extends Omit<Telling<EntryKind>, 'sentence' | 'shape' | 'moment' | 'subject' | 'ofRun'> {
  readonly sentence: (entry: Entry, told: Told) => Sentence
  readonly shape: Shape | ((entry: Entry) => Shape)
  readonly moment?: (entry: Entry) => string
  readonly subject?: (entry: Entry) => string
  readonly ofRun?: (entry: Entry) => boolean
}

const TELLINGS = new Map<string, AnyTelling>()
const LANE_OF = new Map<string, Lane>()
/** Every lane and filter, from top to bottom. */
export const GROUPS: readonly Lane[] = PARTS.flatMap(({ part }) => part.lane ?? []).sort((a, b) => a.place - b.place)
/** Those that stand on the time line. */
export const LANES: readonly Lane[] = GROUPS.filter((lane) => lane.aside !== true)

for (const { name, part } of PARTS) {
  for (const [kind, telling] of Object.entries(part.entries)) {
    if (TELLINGS.has(kind)) throw new Error(`${kind} is told twice, the second time in ${name}`)
    if ('untold' in telling) continue
    TELLINGS.set(kind, telling as AnyTelling)
    const lane = telling.lane === undefined ? part.lane : GROUPS.find((one) => one.name === telling.lane)
    if (lane === undefined) throw new Error(`${kind} has no lane`)
    LANE_OF.set(kind, lane)
  }
}

/** Whether any feature tells entries of this kind. */
export function isTold(kind: string): boolean {
  return TELLINGS.has(kind)
}

/** Whether it is control: who leads did something to the meeting, or to somebody in it. */
export function isControl(kind: EntryKind): boolean {
  return CONTROLS.includes(kind)
}

/** Why entries of this kind are told nowhere, where that is meant. */
export function whyUntold(kind: string): string | undefined {
  for (const { part } of PARTS) {
    const telling = (part.entries as Readonly<Record<string, object | undefined>>)[kind]
    if (telling !== undefined && 'untold' in telling) return String(telling.untold)
  }
  return undefined
}

/** The lane of an entry; one of a kind made after this page has none. */
export function laneOf(kind: EntryKind): Lane | undefined {
  return LANE_OF.get(kind)
}

/** Whether a list leaves it out until somebody asks. */
export function isQuiet(kind: EntryKind): boolean {
  return TELLINGS.get(kind)?.quiet === true
}

/** Whether it is one of a run that is told as a whole. */
export function isOfRun(entry: Entry): boolean {
  return TELLINGS.get(entry.kind)?.ofRun?.(entry) === true
}

const PLAIN: Shape = { d: 'M-2 -4h4v8h-4z', tone: 'quiet', solid: true }

export function shapeOf(entry: Entry): Shape {
  const shape = TELLINGS.get(entry.kind)?.shape ?? PLAIN
  return typeof shape === 'function' ? shape(entry) : shape
}

/** ISO 8601: a note stands where it was meant, anything else where it was written. */
export function momentIn(entry: Entry): string {
  return TELLINGS.get(entry.kind)?.moment?.(entry) ?? entry.at
}

/** What an entry is about, where several may be about the same. */
export function subjectOf(entry: Entry): string | undefined {
  return TELLINGS.get(entry.kind)?.subject?.(entry)
}

/** The entry as a sentence; of a kind made after this page its name. */
export function describe(entry: Entry, told: Told): Sentence {
  const telling = TELLINGS.get(entry.kind)
  return telling === undefined
    ? { key: 'archive.record.other', words: { kind: entry.kind }, quote: '' }
    : telling.sentence(entry, told)
}

const SHORT = 24

function shortened(text: string): string {
  const letters = [...text]
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join('')}…` : text
}

/** What the meeting as it stands and its entries teach about ids, so that nobody stays a bare one. */
export function toldBy(meeting: Snapshot, entries: readonly Entry[]): Told {
  return learnt(entries, (learner) => {
    for (const { part } of PARTS) part.know?.(learner, meeting)
  })
}

/** The same of entries that are of no single meeting. */
export function toldOf(entries: readonly Entry[]): Told {
  return learnt(entries, () => undefined)
}

function learnt(entries: readonly Entry[], know: (learner: Learner) => void): Told {
  const people = new Map<string, string>()
  const centers = new Map<string, string>()
  const texts = new Map<string, string>()
  const learner: Learner = {
    person: (who) => {
      people.set(who.id, `${who.center_name} ${who.name}`.trim())
      centers.set(who.center, who.center_name)
    },
    center: (code, name) => centers.set(code, name),
    words: (id, text) => texts.set(id, text),
  }
  know(learner)
  for (const { part } of PARTS) if (part.learn !== undefined) for (const entry of entries) part.learn(learner, entry)
  return {
    person: (account) => people.get(account) ?? account,
    center: (code) => centers.get(code) ?? code,
    words: (id) => shortened(texts.get(id) ?? id),
  }
}
