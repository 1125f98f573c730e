/** Spans of days that are asked for most, as days of the hub's zone. Pure. */
export const SPANS = ['today', 'week', 'month', 'lastMonth', 'quarter', 'year'] as const
export type SpanName = (typeof SPANS)[number]
export interface Span {
  readonly from: string
  readonly to: string
}

const iso = (at: Date): string => at.toISOString().slice(0, 10)
const day = (year: number, month: number, date: number): string => iso(new Date(Date.UTC(year, month, date)))

/** The day that it is now in a zone (IANA). */
export function todayIn(zone: string, now: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}

/** `today` as 2026-11-29; weeks begin on Monday. */
export function spanOf(name: SpanName, today: string): Span {
  const at = new Date(`${today}T00:00:00Z`)
  const [year, month, date] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  switch (name) {
    case 'today':
      return { from: today, to: today }
    case 'week':
      return { from: day(year, month, date - ((at.getUTCDay() + 6) % 7)), to: today }
    case 'month':
      return { from: day(year, month, 1), to: today }
    case 'lastMonth':
      return { from: day(year, month - 1, 1), to: day(year, month, 0) }
    case 'quarter':
      return { from: day(year, month - (month % 3), 1), to: today }
    case 'year':
      return { from: day(year, 0, 1), to: today }
  }
}
