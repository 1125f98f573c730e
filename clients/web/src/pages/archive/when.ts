/** Times on the archive pages: local, with seconds where they are evidence. */

import { clockText as clockOf, dateTimeText as momentText } from '@/parts/now'

export { clockOf, momentText }

const TWO = (value: number): string => String(value).padStart(2, '0')

/** 2026-11-23 */
export function dayText(time: string | number): string {
  const at = new Date(time)
  return `${String(at.getFullYear())}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())}`
}

/** 16:05 */
export function minuteOf(time: string | number): string {
  return clockOf(time).slice(0, 5)
}

/** The instant at which a local day (2026-11-23) begins, or the next one does; undefined for no or no real day. */
export function dayBound(day: string, end: boolean): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!match) return undefined
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + (end ? 1 : 0))
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}

/** A text cut at the places where a search word stands, for marking; `hit` pieces are the word as it is written there. */
export function piecesOf(text: string, word: string): { text: string; hit: boolean }[] {
  const wanted = word.trim().toLowerCase()
  if (wanted === '') return [{ text, hit: false }]
  const pieces: { text: string; hit: boolean }[] = []
  const low = text.toLowerCase()
  let from = 0
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), hit: false })
    pieces.push({ text: text.slice(at, at + wanted.length), hit: true })
    from = at + wanted.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), hit: false })
  return pieces
}
