/** Days of figures. Pure. */
import type { GridDay } from '@/protocol/types'

const DAY_MS = 86_400_000
const MOST = 92

/** Every day of a span, those without a visit too. */
export function allDays(days: readonly GridDay[], first: string, last: string): GridDay[] {
  const known = new Map(days.map((one) => [one.day, one]))
  const begin = Date.parse(`${first}T00:00:00Z`)
  const count = Math.min(MOST, Math.max(1, Math.round((Date.parse(`${last}T00:00:00Z`) - begin) / DAY_MS) + 1))
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(begin + at * DAY_MS).toISOString().slice(0, 10)
    return known.get(day) ?? { day, visits: 0, met: 0, absent: 0 }
  })
}

/** The span of so many days that ends on this one. */
export function daysUpTo(last: string, count: number): { first: string; last: string } {
  return { first: new Date(Date.parse(`${last}T00:00:00Z`) - (count - 1) * DAY_MS).toISOString().slice(0, 10), last }
}
