/** One meeting as refs: its parts, documents and record as the hub tells them, and the view that pages show of them. */
import { computed, type ComputedRef, type Ref, shallowRef } from 'vue'

import { meetingOf, type MeetingView } from '@/protocol/meeting'
import type { FollowHandlers } from '@/protocol/follow'
import type { Decision, MeetingHead, Note, ParticipantRef, Report } from '@/protocol/types'

import { compare, documentStore } from './documents'
import type { Live } from './live'
import { orderStore } from './orders'
import { type PartStore, partStore } from './parts'
import { recordStore } from './record'

export interface MeetingNow {
  readonly view: ComputedRef<MeetingView | undefined>
  /** Its parts by name: what features show. */
  readonly parts: Pick<PartStore, 'value' | 'rows'>
  /** What one may do in it. */
  readonly can: Readonly<Ref<ReadonlySet<string>>>
  /** What the hub tells of it. */
  readonly told: Pick<FollowHandlers, 'settled' | 'part' | 'can' | 'changed' | 'entry' | 'since'>
  /** Who has a seat in it, as far as one is told. */
  person: (id: string) => ParticipantRef | undefined
  stop: () => void
}

/** `newest`: the newest entry anything was told with. `readAgain` has the whole meeting told anew. */
export function meetingNow(live: Pick<Live, 'api' | 'frame'>, id: string, newest: () => number, readAgain: () => void): MeetingNow {
  const { api, frame } = live
  const head = shallowRef<MeetingHead>()
  const parts = partStore(frame)
  const record = recordStore(frame)
  const orders = orderStore(frame, api)
  const reports = documentStore<Report>(frame, { at: (report) => report.at })
  const decisions = documentStore<Decision>(frame, { at: (decision) => decision.at })
  const notes = documentStore<Note>(frame, { at: (note) => note.at })
  const stores = new Map(Object.entries({ order: orders, report: reports, decision: decisions, note: notes }))

  const life = parts.value('meeting')
  const stage = parts.value('stage')
  const recording = parts.value('recording')
  const seats = parts.rows('seats')
  const cameras = parts.rows('cameras_here')
  const phones = parts.rows('phones_here')
  const calls = parts.rows('calls')
  const participants = computed(() =>
    [...seats.value.values()].sort((one, other) => compare(one.joined_at, other.joined_at) || compare(one.id, other.id)),
  )
  /** Whom it calls: those of the opening, and those called since. */
  const called = computed(() => {
    const first = head.value?.centers ?? []
    // a station is told of its own call alone, and of no other center
    if (first.length === 0) return first
    const known = new Set(first)
    const later = [...calls.value].filter(([code]) => !known.has(code))
    return [...first, ...later.sort(([, one], [, other]) => compare(one.called_at, other.called_at)).map(([code]) => code)]
  })
  const meeting = computed(() =>
    head.value === undefined
      ? undefined
      : meetingOf({
          seq: newest(),
          head: head.value,
          called: called.value,
          life: life.value,
          participants: participants.value,
          stage: stage.value,
          recording: recording.value,
          orders: orders.list.value,
          reports: reports.list.value,
          decisions: decisions.list.value,
          notes: notes.list.value,
        }),
  )
  const readOlder = async (): Promise<void> =>
    record.readOlder(async (before, limit) => (await api.entriesBefore(id, before, limit)).entries)

  return {
    view: computed(() => {
      const now = meeting.value
      if (now === undefined) return undefined
      const older = record.older.value ? readOlder : undefined
      return { meeting: now, log: record.entries.value, older, recording: now.recording }
    }),
    parts,
    can: parts.can,
    told: {
      settled(answer) {
        parts.settle(answer.seq, { ...answer.parts }, answer.can)
        const { seq, ...lists } = answer.documents
        orders.settle(lists.orders, seq)
        reports.settle(lists.reports, seq)
        decisions.settle(lists.decisions, seq)
        notes.settle(lists.notes, seq)
        record.add(answer.entries)
        frame.flush()
        head.value = answer.meeting
      },
      part(event) {
        const over = event.name === 'meeting' && event.value?.['state'] === 'ended' && life.value?.state === 'open'
        parts.take(event)
        // the end moves everybody, and only its being over is told: a desk reads what has become of the rest
        if (over && (head.value?.centers.length ?? 0) > 0) readAgain()
      },
      can: (event) => {
        parts.allow(event.can)
      },
      changed(event) {
        if (stores.get(event.what)?.take(event) === false) readAgain()
      },
      entry: (entry) => {
        record.add([entry])
      },
      since: record.newest,
    },
    person: (who) => seats.value.get(who) ?? cameras.value.get(who) ?? phones.value.get(who),
    stop: orders.stop,
  }
}
