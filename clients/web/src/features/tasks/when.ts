/** Moments of tasks in words: by the hub's clock, the day only where it is not today. */
import { dayText, inZone } from '@/parts/zone'

import { away } from './standing'

type Say = (key: string, words?: Record<string, string | number>) => string

/** `{ today, day }` and `span` are keys of the words that `t` has. */
export function whenText(at: string, zone: string, now: number, locale: string, t: Say): string {
  const { day, time } = inZone(at, zone)
  return day === inZone(now, zone).day ? t('today', { time }) : t('day', { day: dayText(day, locale, { month: 'long', day: 'numeric', weekday: 'short' }), time })
}

/** How long a moment is away: `2 小时 10 分`. */
export function spanText(at: string, now: number, t: Say): string {
  const { days, hours, minutes } = away(at, now)
  return t(days > 0 ? 'span.days' : hours > 0 ? 'span.hours' : 'span.minutes', { days, hours, minutes })
}
