/** Who is on duty at a moment, how one knows, and since when. Pure; the hub says the same of its own moment. */
import type { Duty, Shift } from '@/protocol/types'

/** Somebody took over; it is his shift by the roster; nobody is there. */
export type How = 'taken' | 'roster' | 'nobody'

export interface Standing {
  readonly how: How
  /** Empty where nobody is there. */
  readonly name: string
  readonly post: string
  /** ISO 8601; undefined where it is not known. */
  readonly since: string | undefined
  /** 带班领导 by the roster. */
  readonly lead: Shift | undefined
  /** The shift that has begun and was told to be missed. */
  readonly missed: Shift | undefined
  /** The next shift of a 值班员 that begins. */
  readonly next: Shift | undefined
  /** Whether anything was ever said of its duty: without, there is no roster to be missed. */
  readonly known: boolean
}

const NOTHING: Standing = { how: 'nobody', name: '', post: '', since: undefined, lead: undefined, missed: undefined, next: undefined, known: false }

/** `now`: ms since 1970. */
export function standingOf(duty: Duty | undefined, now: number): Standing {
  if (duty === undefined || (duty.turn === null && duty.shifts.length === 0 && duty.ended_at === null)) return NOTHING
  const begun = (shift: Shift): boolean => Date.parse(shift.starts_at) <= now
  const over = (shift: Shift): boolean => Date.parse(shift.ends_at) <= now
  const runs = (shift: Shift, role: Shift['role']): boolean => shift.role === role && begun(shift) && !over(shift)
  const missed = duty.missed !== null && !over(duty.missed) ? duty.missed : undefined
  const rest = {
    lead: duty.shifts.find((shift) => runs(shift, 'lead')),
    missed,
    next: duty.shifts.find((shift) => shift.role === 'watch' && !begun(shift)),
    known: true,
  }
  const { turn } = duty
  if (turn !== null && turn.handed_at === null) return { how: 'taken', name: turn.name, post: turn.post, since: turn.since, ...rest }
  const shift = duty.shifts.find((one) => runs(one, 'watch'))
  if (shift !== undefined) return { how: 'roster', name: shift.name, post: shift.post, since: shift.starts_at, ...rest }
  const ends = [duty.ended_at, turn?.handed_at, ...duty.shifts.filter((one) => one.role === 'watch' && over(one)).map((one) => one.ends_at)]
  const since = ends.filter((end) => typeof end === 'string').sort((one, other) => Date.parse(one) - Date.parse(other)).at(-1)
  return { how: 'nobody', name: '', post: '', since, ...rest }
}
