/** Times on the station: short, local, and what is left or overdue in words. */

type Translate = (key: string, words: Record<string, string | number>) => string

const TWO = (value: number): string => String(value).padStart(2, '0')

/** 16:05 today, 11-22 16:05 this year, 2025-11-22 16:05 otherwise. `now` in ms. */
export function shortTime(time: string, now: number): string {
  const at = new Date(time)
  const clock = `${TWO(at.getHours())}:${TWO(at.getMinutes())}`
  const today = new Date(now).toDateString() === at.toDateString()
  if (today) return clock
  const day = `${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${clock}`
  return new Date(now).getFullYear() === at.getFullYear() ? day : `${String(at.getFullYear())}-${day}`
}

/** Roughly how long, in the largest unit that fits. */
export function roughly(ms: number, t: Translate): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 60) return t('orders.station.minutes', { count: minutes })
  const hours = Math.round(minutes / 60)
  return hours < 48 ? t('orders.station.hours', { count: hours }) : t('orders.station.days', { count: Math.round(hours / 24) })
}

/** When an order is due, in words: a time, the minutes left within the last hour, or how long it is overdue. */
export function dueText(due: string, now: number, t: Translate): string {
  const left = Date.parse(due) - now
  const time = t('orders.station.due', { time: shortTime(due, now) })
  if (left < 0) return t('orders.station.overdue', { time: roughly(-left, t) })
  return left < 3_600_000 ? `${time} · ${t('orders.station.soon', { count: Math.max(1, Math.ceil(left / 60_000)) })}` : time
}
