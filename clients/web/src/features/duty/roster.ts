/** A week's roster as it is written: days and times of the hub's zone, and what is wrong with it. Pure. */
import { addDays, inZone, instant } from '@/parts/zone'
import type { PlannedShift, Shift } from '@/protocol/types'

/** A shift as somebody writes it. */
export interface Line {
  readonly key: number
  readonly day: string
  readonly begins: string
  readonly ends: string
  /** How many days after it began it ends. */
  readonly plus: number
  readonly role: Shift['role']
  readonly name: string
  readonly post: string
}

export type Problem = 'name' | 'number' | 'time' | 'overlap' | 'length'

/** So many shifts one roster takes. */
export const MOST = 60
const SHORTEST_MS = 15 * 60_000
const LONGEST_MS = 48 * 3_600_000
const DAY_MS = 86_400_000
/** The hub refuses as much in a name: seven digits, whatever stands between them. */
const NUMBER = /[0-9\uff10-\uff19](?:[ ()\-\u2010-\u2015]*[0-9\uff10-\uff19]){6,}/

let serial = 0

/** An end that is not after the beginning is of the next day. */
export function plusOf(begins: string, ends: string): number {
  return ends > begins ? 0 : 1
}

export function lineOf(shift: Shift, zone: string): Line {
  const start = inZone(shift.starts_at, zone)
  const end = inZone(shift.ends_at, zone)
  const plus = Math.round((Date.parse(`${end.day}T00:00:00Z`) - Date.parse(`${start.day}T00:00:00Z`)) / DAY_MS)
  return { key: (serial += 1), day: start.day, begins: start.time, ends: end.time, plus, role: shift.role, name: shift.name, post: shift.post }
}

export function freshLine(day: string, like?: Pick<Line, 'ends' | 'role'>): Line {
  const begins = like?.ends ?? '08:00'
  const ends = begins === '08:00' ? '20:00' : '08:00'
  return { key: (serial += 1), day, begins, ends, plus: plusOf(begins, ends), role: like?.role ?? 'watch', name: '', post: '' }
}

export function onDay(line: Line, day: string): Line {
  return { ...line, key: (serial += 1), day }
}

/** ms since 1970; NaN where a time is missing. */
export function spanOf(line: Line, zone: string): { from: number; to: number } {
  return { from: instant({ day: line.day, time: line.begins }, zone), to: instant({ day: addDays(line.day, line.plus), time: line.ends }, zone) }
}

export function plannedOf(line: Line, zone: string): PlannedShift {
  const { from, to } = spanOf(line, zone)
  return { role: line.role, starts_at: new Date(from).toISOString(), ends_at: new Date(to).toISOString(), name: line.name.trim(), post: line.post.trim() }
}

/** By the key of a line, what is wrong with it. `others`: shifts that stay beside this week's. */
export function problemsOf(lines: readonly Line[], others: readonly Shift[], zone: string): ReadonlyMap<number, Problem> {
  const found = new Map<number, Problem>()
  const spans = lines.map((line) => ({ line, ...spanOf(line, zone) }))
  for (const { line, from, to } of spans) {
    if (line.name.trim() === '') found.set(line.key, 'name')
    else if (NUMBER.test(line.name) || NUMBER.test(line.post)) found.set(line.key, 'number')
    else if (Number.isNaN(from) || Number.isNaN(to)) found.set(line.key, 'time')
    else if (to - from < SHORTEST_MS || to - from > LONGEST_MS) found.set(line.key, 'length')
    else if (
      spans.some((other) => other.line.key !== line.key && other.line.role === line.role && other.from < to && from < other.to && (other.from < from || (other.from === from && other.line.key < line.key)))
      || others.some((other) => other.role === line.role && Date.parse(other.starts_at) < to && from < Date.parse(other.ends_at))
    ) found.set(line.key, 'overlap')
  }
  return found
}

/** By day, then by the beginning. */
export function inOrder(lines: readonly Line[]): Line[] {
  const place = (line: Line): string => `${line.day} ${line.begins} ${line.role}`
  return [...lines].sort((one, other) => (place(one) < place(other) ? -1 : place(one) > place(other) ? 1 : one.key - other.key))
}

/** Whether both say the same. */
export function isSame(one: readonly Line[], other: readonly Line[]): boolean {
  const said = (lines: readonly Line[]): string => JSON.stringify(inOrder(lines).map(({ key: _key, ...rest }) => rest))
  return said(one) === said(other)
}
