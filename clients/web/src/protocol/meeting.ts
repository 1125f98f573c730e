/** A meeting as a page sees it: the hub's snapshot folded with every entry since. Pure. */
import type { Entry, Order, OrderTarget, Participant, Snapshot } from './types'

export interface MeetingView {
  /** The meeting with its participants, orders, reports (oldest first), decisions and notes. */
  readonly meeting: Snapshot
  /** The record, by seq. */
  readonly log: readonly Entry[]
  /** Newest seq that is contained. */
  readonly seq: number
  /** Id of the recording that runs, or null. */
  readonly recording: string | null
}

const SLOWEST: readonly Order['state'][] = ['issued', 'signed', 'in_progress', 'completed']

/** The view that a snapshot and the record give: entries newer than the snapshot are folded into it. */
export function viewOf(snapshot: Snapshot, log: readonly Entry[]): MeetingView {
  const known = new Map<number, Entry>()
  for (const entry of log) known.set(entry.seq, entry)
  const sorted = [...known.values()].sort((a, b) => a.seq - b.seq)
  const contained = sorted.filter((entry) => entry.seq <= snapshot.seq)
  const view: MeetingView = {
    meeting: snapshot,
    log: contained,
    seq: snapshot.seq,
    recording: snapshot.state === 'open' ? runningRecording(snapshot, contained) : null,
  }
  return sorted.slice(contained.length).reduce((folded, entry) => fold(folded, entry).view, view)
}

/** The snapshot names the newest recording; whether it still runs, the record knows. */
function runningRecording(snapshot: Snapshot, log: readonly Entry[]): string | null {
  const last = log.findLast((entry) => entry.kind === 'recording.started' || entry.kind === 'recording.stopped')
  if (last === undefined) return snapshot.recording
  return last.kind === 'recording.started' ? last.data.recording : null
}

/** What an entry does to the view. `late`: it should have come earlier, the meeting must be read again. */
export type Step = { status: 'applied' | 'duplicate' | 'late'; view: MeetingView }

export function fold(view: MeetingView, entry: Entry): Step {
  if (entry.seq <= view.seq) {
    const known = view.log.some((one) => one.seq === entry.seq)
    return { status: known ? 'duplicate' : 'late', view }
  }
  let recording = view.recording
  if (entry.kind === 'recording.started') recording = entry.data.recording
  if (entry.kind === 'recording.stopped' || entry.kind === 'meeting.ended') recording = null
  return {
    status: 'applied',
    view: {
      meeting: { ...change(view.meeting, entry), seq: entry.seq },
      log: [...view.log, entry],
      seq: entry.seq,
      recording,
    },
  }
}

function change(meeting: Snapshot, entry: Entry): Snapshot {
  switch (entry.kind) {
    case 'meeting.joined': {
      const { participant } = entry.data
      const before = meeting.participants.find((one) => one.id === participant.id)
      const joined: Participant = {
        ...participant,
        state: 'joined',
        muted: before?.muted ?? false,
        joined_at: before?.joined_at ?? entry.at,
        left_at: null,
      }
      const others = meeting.participants.filter((one) => one.id !== participant.id)
      return counted({ ...meeting, participants: [...others, joined] })
    }
    case 'meeting.left':
      return counted(person(meeting, entry.data.participant, { state: 'left', left_at: entry.at }))
    case 'participant.removed':
      return counted(person(meeting, entry.data.participant, { state: 'removed', left_at: entry.at }))
    case 'participant.muted':
      return person(meeting, entry.data.participant, { muted: true })
    case 'participant.unmuted':
      return person(meeting, entry.data.participant, { muted: false })
    case 'meeting.ended':
      return { ...meeting, state: 'ended', ended_at: entry.at }
    case 'stage.broadcast':
      return { ...meeting, broadcast: entry.data.participant }
    case 'recording.started':
      return { ...meeting, recording: entry.data.recording }
    case 'report.filed': {
      const { report, ...rest } = entry.data
      const filed = { id: report, meeting: entry.meeting, ...rest, at: entry.at, account: entry.actor.account }
      return counted({ ...meeting, reports: [...meeting.reports, filed] })
    }
    case 'decision.recorded': {
      const { decision, text, by } = entry.data
      const decided = { id: decision, meeting: entry.meeting, text, by, at: entry.at }
      return counted({ ...meeting, decisions: [...meeting.decisions, decided] })
    }
    case 'note.added': {
      const { note, text, by, at } = entry.data
      return { ...meeting, notes: [...meeting.notes, { id: note, meeting: entry.meeting, text, by, at: at ?? entry.at }] }
    }
    case 'order.issued':
    case 'order.signed':
    case 'order.progressed':
    case 'order.completed':
      return counted({ ...meeting, orders: foldOrders(meeting.orders, entry) })
    default:
      return meeting
  }
}

function person(meeting: Snapshot, id: string, news: Partial<Participant>): Snapshot {
  return {
    ...meeting,
    participants: meeting.participants.map((one) => (one.id === id ? { ...one, ...news } : one)),
  }
}

function counted(meeting: Snapshot): Snapshot {
  return {
    ...meeting,
    joined: meeting.participants.filter((one) => one.state === 'joined').length,
    counts: {
      orders: meeting.orders.length,
      completed: meeting.orders.filter((order) => order.state === 'completed').length,
      reports: meeting.reports.length,
      decisions: meeting.decisions.length,
    },
  }
}

/** Orders after an entry about one of them; other entries and unknown orders change nothing. */
export function foldOrders(orders: Order[], entry: Entry): Order[] {
  if (entry.kind === 'order.issued') {
    const { order: id, targets, ...rest } = entry.data
    if (orders.some((one) => one.id === id)) return orders
    const order: Order = {
      id,
      ...rest,
      meeting: entry.meeting,
      issued_at: entry.at,
      state: 'issued',
      targets: targets.map((target) => ({
        ...target,
        state: 'issued',
        signed_at: null,
        signed_by: null,
        completed_at: null,
        percent: null,
        progress: [],
      })),
    }
    return [...orders, order]
  }
  switch (entry.kind) {
    case 'order.signed':
      return target(orders, entry.data, () => ({
        state: 'signed',
        signed_at: entry.at,
        signed_by: entry.data.account_name,
      }))
    case 'order.progressed': {
      const { text, percent, account_name } = entry.data
      return target(orders, entry.data, (before) => ({
        state: 'in_progress',
        percent: percent ?? before.percent,
        progress: [...before.progress, { at: entry.at, text, percent, by: account_name }],
      }))
    }
    case 'order.completed':
      return target(orders, entry.data, () => ({ state: 'completed', completed_at: entry.at }))
    default:
      return orders
  }
}

function target(
  orders: Order[],
  where: { order: string; center: string },
  news: (before: OrderTarget) => Partial<OrderTarget>,
): Order[] {
  return orders.map((order) => {
    if (order.id !== where.order) return order
    const targets = order.targets.map((one) => (one.center === where.center ? { ...one, ...news(one) } : one))
    const slowest = Math.min(...targets.map((one) => SLOWEST.indexOf(one.state)))
    return { ...order, targets, state: SLOWEST[slowest] ?? order.state }
  })
}
