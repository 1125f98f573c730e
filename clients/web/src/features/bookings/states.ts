/** What a booking is, and what one may do about it. Pure. */
import type { Account, Booking, BookingState } from '@/protocol/types'

/** Its mark: the same as of what is alike elsewhere. */
export const MARKS: Readonly<Record<BookingState, string>> = {
  proposed: 'weak', approved: 'completed', noticed: 'in_progress', opened: 'in_meeting', held: 'left', rejected: 'noAnswer', cancelled: 'removed', missed: 'overdue',
}

/** Still to come, or going on. */
export function isAhead(booking: Pick<Booking, 'state'>): boolean {
  return booking.state === 'proposed' || booking.state === 'approved' || booking.state === 'noticed' || booking.state === 'opened'
}

export function endsAt(booking: Pick<Booking, 'starts_at' | 'minutes'>): number {
  return Date.parse(booking.starts_at) + booking.minutes * 60_000
}

/** Whether this person approves or rejects it; the hub asks the same. */
export function mayDecide(booking: Booking, account: Account, can: ReadonlySet<string>): boolean {
  return booking.state === 'proposed' && can.has('booking.approve') && booking.line.includes(account.center.code)
}

/** Whether this person changes, cancels and opens it. */
export function mayChange(booking: Booking, account: Account, can: ReadonlySet<string>): boolean {
  if (!can.has('booking.make') || booking.state === 'opened' || !isAhead(booking)) return false
  return booking.by.account === account.id || booking.chair.account === account.id || booking.line.includes(account.center.code)
}

export interface Filter {
  readonly text: string
  readonly which: 'all' | 'mine' | 'waits' | 'off'
}

/** `all` leaves out what is not to take place; `off` is that alone. */
export function passes(booking: Booking, { text, which }: Filter, account: Account): boolean {
  const off = booking.state === 'cancelled' || booking.state === 'rejected'
  if (which === 'off' ? !off : off) return false
  if (which === 'mine' && booking.by.account !== account.id && booking.chair.account !== account.id) return false
  if (which === 'waits' && booking.state !== 'proposed') return false
  const within = [booking.title, booking.chair.name, booking.chair.center_name, booking.by.name, ...booking.names].join(' ').toLowerCase()
  return text.toLowerCase().split(/\s+/u).every((word) => within.includes(word))
}
