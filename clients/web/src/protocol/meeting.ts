/** A meeting as a page sees it, put together from its parts and documents. Pure: nothing is made of entries. */
import type {
  Decision,
  Entry,
  MeetingHead,
  Note,
  Order,
  Parts,
  Participant,
  Report,
  Snapshot,
} from './types'

export interface MeetingView {
  /** The meeting with its participants, orders, reports (oldest first), decisions and notes. */
  readonly meeting: Snapshot
  /** The record, by seq: its newest entries. */
  readonly log: readonly Entry[]
  /** Reads older entries into the log; undefined where there are none. */
  readonly older: (() => Promise<void>) | undefined
  /** Id of the recording that runs, or null. */
  readonly recording: string | null
}

export interface Pieces {
  /** The newest entry that anything was told with. */
  readonly seq: number
  readonly head: MeetingHead
  /** Codes of the centers that it calls by now; for desks, else empty. */
  readonly called: readonly string[]
  readonly life: Parts['meeting'] | undefined
  /** In the order of their first joining. */
  readonly participants: readonly Participant[]
  readonly stage: Parts['stage'] | undefined
  readonly recording: Parts['recording'] | undefined
  readonly orders: readonly Order[]
  readonly reports: readonly Report[]
  readonly decisions: readonly Decision[]
  readonly notes: readonly Note[]
}

/** Of a meeting that is over only its end is told: nothing runs and nobody is on the stage any more. */
export function meetingOf(pieces: Pieces): Snapshot {
  const { seq, head, called, life, participants, stage, recording, orders, reports, decisions, notes } = pieces
  const over = life?.state === 'ended'
  return {
    id: head.id,
    title: head.title,
    kind: head.kind,
    state: life?.state ?? 'open',
    convener: head.convener,
    chair: life?.chair ?? head.convener,
    centers: called as string[],
    opened_at: head.opened_at,
    ended_at: life?.ended_at ?? null,
    record: head.record,
    drill: head.drill === true,
    level: life?.level ?? head.level ?? 'normal',
    recording: over ? null : (recording?.running ?? null),
    joined: participants.filter((one) => one.state === 'joined').length,
    counts: {
      orders: orders.length,
      completed: orders.filter((order) => (order.withdrawn ?? null) === null && (order.state === 'completed' || order.state === 'accepted')).length,
      reports: reports.length,
      decisions: decisions.filter((one) => one.state !== 'draft' && one.state !== 'withdrawn').length,
    },
    // the same lists, so that whoever watches one of them hears nothing of the others
    participants: participants as Participant[],
    broadcast: over ? null : (stage?.broadcast ?? null),
    orders: orders as Order[],
    reports: reports as Report[],
    decisions: decisions as Decision[],
    notes: notes as Note[],
    seq,
  }
}
