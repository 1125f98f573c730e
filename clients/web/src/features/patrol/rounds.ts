/** How rounds stand, in one word each; what is late first. Pure. */
import type { PatrolRound, PatrolTime } from '@/protocol/types'

/** `left`: somebody began it and left off. `late`: it can still be walked, and should be done by now. */
export type Standing = PatrolRound['state'] | 'late' | 'left'

export function isOpen(round: Pick<PatrolRound, 'state'>): boolean {
  return round.state === 'waiting' || round.state === 'walking'
}

export function standingOf(round: Pick<PatrolRound, 'state' | 'due' | 'taken_at'>, now: number): Standing {
  if (isOpen(round) && Date.parse(round.due) < now) return 'late'
  return round.state === 'waiting' && round.taken_at !== null ? 'left' : round.state
}

/** Of the words of `StateMark`. */
export const MARKS: Readonly<Record<Standing, string>> = {
  waiting: 'issued', left: 'waiting', walking: 'in_progress', late: 'overdue', done: 'completed', missed: 'noAnswer', unfinished: 'returned', withdrawn: 'withdrawn',
}

export function checkedOf(round: Pick<PatrolRound, 'normal' | 'finding' | 'not_seen' | 'skipped'>): number {
  return round.normal + round.finding + round.not_seen + round.skipped
}

/** What is due first, first. */
export function dueFirst(rounds: readonly PatrolRound[]): PatrolRound[] {
  return [...rounds].sort((one, other) => Date.parse(one.due) - Date.parse(other.due))
}

export interface Away {
  readonly days: number
  readonly hours: number
  readonly minutes: number
}

/** How far a moment is from another. */
export function away(at: string, now: number): Away {
  const all = Math.floor(Math.abs(Date.parse(at) - now) / 60_000)
  return { days: Math.floor(all / 1440), hours: Math.floor(all / 60), minutes: all >= 60 ? all % 60 : all }
}

type Say = (key: string, words?: Record<string, string | number>) => string

/** `每日 08:30、周一三 20:00` */
export function timesText(route: { readonly times: readonly PatrolTime[]; readonly by_shift: boolean }, t: Say): string {
  const said = route.times.map(({ time, weekdays = [] }) => (weekdays.length === 0 || weekdays.length === 7 ? t('every', { time }) : t('onDays', { days: weekdays.map((day) => t(`weekday.${String(day)}`)).join(''), time })))
  if (route.by_shift) said.push(t('byShift'))
  return said.length === 0 ? t('byHand') : said.join(t('gap'))
}
