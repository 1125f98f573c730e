/** A booking as it is filled in. Pure. */
import type { Booking, BookingMake, MeetingKind, Template } from '@/protocol/types'

import { type Chosen, NOBODY } from '@/parts/centers/called'
import { inZone, instant, type Moment } from '@/parts/zone'

export interface Draft {
  title: string
  kind: MeetingKind
  day: string
  time: string
  minutes: number
  chosen: Chosen
  /** Account id; null for oneself. */
  chair: string | null
  /** Account id of who takes over when the chair drops; null for nobody. */
  backup: string | null
  record: boolean
  drill: boolean
  /** Only who is cleared knows of it. */
  secret: boolean
  notice: number
  byItself: boolean
  note: string
  template: string | null
}

export const SHORTEST = 5
export const LONGEST = 1440
export const FURTHEST_MS = 400 * 86_400_000
export const LENGTHS = [15, 30, 45, 60, 90, 120, 180, 240] as const
export const NOTICES = [0, 5, 10, 15, 30, 60, 120, 1440] as const
const HALF_HOUR_MS = 1_800_000

/** An empty one: on this day, else at the next half hour. */
export function emptyDraft(now: number, zone: string, day?: string): Draft {
  const soon: Moment = inZone(Math.ceil((now + 600_000) / HALF_HOUR_MS) * HALF_HOUR_MS, zone)
  return {
    title: '', kind: 'dispatch', day: day ?? soon.day, time: day === undefined || day === soon.day ? soon.time : '09:00', minutes: 60, chosen: NOBODY, chair: null, backup: null,
    record: true, drill: false, secret: false, notice: 10, byItself: true, note: '', template: null,
  }
}

/** What a booking says; `own`: the account that fills it in. */
export function draftOf(booking: Booking, zone: string, own: string): Draft {
  const { day, time } = inZone(booking.starts_at, zone)
  return {
    title: booking.title, kind: booking.kind, day, time, minutes: booking.minutes, chosen: { centers: booking.centers, reaches: [] }, chair: booking.chair.account === own ? null : booking.chair.account, backup: booking.backup?.account ?? null,
    record: booking.record, drill: booking.drill === true, secret: booking.level === 'secret', notice: booking.notice_minutes, byItself: booking.by_itself, note: booking.note, template: booking.template,
  }
}

/** The same draft with what a template says; its time, chair and who stands by stay. */
export function withTemplate(draft: Draft, template: Template): Draft {
  return {
    ...draft, title: template.title, kind: template.kind, minutes: template.minutes, chosen: { centers: template.centers, reaches: template.reaches },
    record: template.record, notice: template.notice_minutes, note: template.note, template: template.id,
  }
}

export type Problem = 'title' | 'when' | 'past' | 'far' | 'length' | 'nobody'

/** The first thing that keeps it from being saved. */
export function problemOf(draft: Draft, now: number, zone: string): Problem | undefined {
  if (draft.title.trim() === '') return 'title'
  const at = instant(draft, zone)
  if (Number.isNaN(at)) return 'when'
  if (at <= now) return 'past'
  if (at > now + FURTHEST_MS) return 'far'
  if (!Number.isInteger(draft.minutes) || draft.minutes < SHORTEST || draft.minutes > LONGEST) return 'length'
  if (draft.chosen.centers.length + draft.chosen.reaches.length === 0) return 'nobody'
  return undefined
}

/** As the hub takes it. */
export function fieldsOf(draft: Draft, zone: string, confirmed: boolean): BookingMake {
  return {
    title: draft.title.trim(), kind: draft.kind, starts_at: new Date(instant(draft, zone)).toISOString(), minutes: draft.minutes, centers: [...draft.chosen.centers], reaches: [...draft.chosen.reaches],
    chair: draft.chair, backup: draft.backup, record: draft.record, drill: draft.drill, level: draft.secret ? 'secret' : 'normal', notice_minutes: draft.notice, by_itself: draft.byItself, note: draft.note.trim(), confirmed,
  }
}
