/** A task as it is filled in. Pure. */
import { inZone, instant } from '@/parts/zone'
import type { CommandData, Reach, Task } from '@/protocol/types'

export interface Draft {
  title: string
  text: string
  centers: readonly string[]
  reaches: readonly Reach[]
  repeats: 'once' | 'daily'
  day: string
  time: string
  weekdays: readonly number[]
  ahead: number
  remind: number
}

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export const AHEADS = [60, 120, 240, 480, 720] as const
export const REMINDS = [0, 10, 30, 60, 120] as const
/** As many as the hub asks at once. */
export const MOST = 2048

/** `now`: ms since 1970. Today, or tomorrow when it is late already. */
export function emptyDraft(now: number, zone: string): Draft {
  const { day, time } = inZone(now, zone)
  const tomorrow = inZone(now + 86_400_000, zone).day
  return { title: '', text: '', centers: [], reaches: [], repeats: 'once', day: time < '17:30' ? day : tomorrow, time: '18:00', weekdays: WEEKDAYS, ahead: 240, remind: 30 }
}

/** Another one like it; whom it asks is chosen anew, unless `centers` names them. */
export function draftLike(task: Task, now: number, zone: string, centers: readonly string[]): Draft {
  const due = task.round?.due ?? task.next?.due
  return {
    ...emptyDraft(now, zone),
    title: task.title,
    text: task.text,
    centers,
    repeats: task.repeats,
    time: task.time ?? (due === undefined ? '18:00' : inZone(due, zone).time),
    weekdays: task.weekdays,
    ahead: task.ahead_minutes,
    remind: task.remind_minutes,
  }
}

export type Problem = 'title' | 'nobody' | 'many' | 'when' | 'past' | 'days' | 'remind'

export function problemOf(draft: Draft, meant: number, now: number, zone: string): Problem | undefined {
  if (draft.title.trim() === '') return 'title'
  if (meant === 0) return 'nobody'
  if (meant > MOST) return 'many'
  if (!/^\d\d:\d\d$/.test(draft.time)) return 'when'
  if (draft.repeats === 'daily') {
    if (draft.weekdays.length === 0) return 'days'
    return draft.remind >= draft.ahead ? 'remind' : undefined
  }
  const at = instant(draft, zone)
  if (Number.isNaN(at)) return 'when'
  return at <= now ? 'past' : undefined
}

export function fieldsOf(draft: Draft, zone: string): CommandData['task.give'] {
  const common = { title: draft.title.trim(), text: draft.text.trim(), centers: [...draft.centers], reaches: [...draft.reaches], remind_minutes: draft.remind }
  return draft.repeats === 'daily'
    ? { ...common, repeats: 'daily', time: draft.time, weekdays: [...draft.weekdays], ahead_minutes: draft.ahead }
    : { ...common, repeats: 'once', due: new Date(instant(draft, zone)).toISOString() }
}
