/** Entries as sentences: which message and which words go into it. The words themselves stand in the messages. */
import type { Entry, EntryKind, Snapshot } from '@/protocol/types'

/** What the record list can be filtered by. */
export const GROUPS = ['presence', 'stage', 'reports', 'orders', 'decisions', 'marks', 'recording'] as const
export type Group = (typeof GROUPS)[number]

const GROUP_OF_KIND: Record<EntryKind, Group> = {
  'meeting.opened': 'presence',
  'meeting.joined': 'presence',
  'meeting.left': 'presence',
  'meeting.ended': 'presence',
  'participant.removed': 'presence',
  'participant.muted': 'stage',
  'participant.unmuted': 'stage',
  'stage.broadcast': 'stage',
  'report.filed': 'reports',
  'order.issued': 'orders',
  'order.signed': 'orders',
  'order.progressed': 'orders',
  'order.completed': 'orders',
  'decision.recorded': 'decisions',
  'note.added': 'marks',
  'recording.started': 'recording',
  'recording.stopped': 'recording',
  'recording.part_opened': 'recording',
  'recording.part_closed': 'recording',
}

/** The group of an entry; kinds made after this page belong to the meeting itself. */
export function groupOf(kind: EntryKind): Group {
  return GROUP_OF_KIND[kind] ?? 'presence'
}

/** A message key below `archive.entry`, and its words. `quote` is what a person wrote, shown as it is. */
export interface Sentence {
  readonly key: string
  readonly words: Record<string, string | number>
  readonly quote: string
}

/** Who is meant by an account id, as far as the meeting has told. */
export interface Names {
  person(account: string): string
  center(code: string): string
}

/** Names from the snapshot and from the entries themselves, so that nobody stays a bare id. */
export function namesFrom(snapshot: Snapshot, entries: readonly Entry[]): Names {
  const people = new Map<string, string>()
  const centers = new Map<string, string>()
  const learn = (person: { id: string; name: string; center: string; center_name: string }): void => {
    people.set(person.id, `${person.center_name} ${person.name}`.trim())
    centers.set(person.center, person.center_name)
  }
  learn(snapshot.chair)
  snapshot.participants.forEach(learn)
  for (const order of snapshot.orders) for (const target of order.targets) centers.set(target.center, target.name)
  for (const entry of entries) {
    if (entry.kind === 'meeting.joined') learn(entry.data.participant)
    if (entry.kind === 'report.filed') centers.set(entry.data.center, entry.data.name)
  }
  return {
    person: (account) => people.get(account) ?? account,
    center: (code) => centers.get(code) ?? code,
  }
}

const SHORT = 24
const NAMED = 3

function shortened(text: string): string {
  const letters = [...text]
  return letters.length > SHORT ? `${letters.slice(0, SHORT).join('')}…` : text
}

/** Texts of the orders, so that a signature can say what was signed. */
export function orderTexts(entries: readonly Entry[], snapshot: Snapshot): Map<string, string> {
  const texts = new Map(snapshot.orders.map((order) => [order.id, order.text]))
  for (const entry of entries) if (entry.kind === 'order.issued') texts.set(entry.data.order, entry.data.text)
  return texts
}

export function describe(entry: Entry, names: Names, orders: ReadonlyMap<string, string>): Sentence {
  const say = (key: string, words: Sentence['words'] = {}, quote = ''): Sentence => ({ key, words, quote })
  const who = names.person(entry.actor.account)
  const order = (id: string): string => shortened(orders.get(id) ?? id)
  switch (entry.kind) {
    case 'meeting.opened':
      return say('opened', { who: names.person(entry.data.chair.id), count: entry.data.centers.length }, entry.data.title)
    case 'meeting.joined':
      return say('joined', { who: names.person(entry.data.participant.id) })
    case 'meeting.left':
      return say('left', { who: names.person(entry.data.participant) })
    case 'meeting.ended':
      return say('ended', { who })
    case 'participant.muted':
    case 'participant.unmuted':
      return say(entry.kind === 'participant.muted' ? 'muted' : 'unmuted', {
        by: who,
        who: names.person(entry.data.participant),
      })
    case 'participant.removed':
      return say('removed', { by: who, who: names.person(entry.data.participant) }, entry.data.reason)
    case 'stage.broadcast':
      return entry.data.participant === null
        ? say('broadcast_off', { by: who })
        : say('broadcast', { by: who, who: names.person(entry.data.participant) })
    case 'report.filed':
      return say(`report_${entry.data.situation}`, { who: entry.data.name }, entry.data.text)
    case 'order.issued':
      return say(
        `order_issued_${entry.data.priority}${entry.data.targets.length > NAMED ? '_many' : ''}`,
        { who, targets: listed(entry.data.targets.map((target) => target.name)), count: entry.data.targets.length },
        entry.data.text,
      )
    case 'order.signed':
      return say('order_signed', { who: entry.data.name, person: entry.data.account_name, order: order(entry.data.order) })
    case 'order.progressed': {
      const words = { who: entry.data.name, order: order(entry.data.order) }
      return entry.data.percent === null
        ? say('order_progressed', words, entry.data.text)
        : say('order_progressed_percent', { ...words, percent: entry.data.percent }, entry.data.text)
    }
    case 'order.completed':
      return say('order_completed', { who: entry.data.name, order: order(entry.data.order) }, entry.data.text)
    case 'decision.recorded':
      return say('decision', { who: `${entry.data.by.center_name} ${entry.data.by.name}` }, entry.data.text)
    case 'note.added':
      return say('note', { who: `${entry.data.by.center_name} ${entry.data.by.name}` }, entry.data.text)
    case 'recording.started':
      return say('recording_started', { who })
    case 'recording.stopped':
      return say('recording_stopped', { who })
    case 'recording.part_opened':
      return say('part_opened', { who: entry.data.name })
    case 'recording.part_closed':
      return say('part_closed', { seconds: Math.round(entry.data.duration_ms / 1000) })
    default:
      return say('unknown', { kind: (entry as Entry).kind })
  }
}

/** The first names; where there are more, the message says how many. */
function listed(names: readonly string[]): string {
  return names.slice(0, NAMED).join('、')
}
