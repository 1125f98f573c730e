/** The targets of an order as rows of a list: by state, worst first, or below the center above each. Pure. */
import type { Order, OrderTarget } from '@/protocol/types'
import { isDone } from '@/state/orders'

import { targetWord, type TargetWord, WORST_FIRST } from './numbers'

export interface TargetRow {
  readonly id: string
  readonly target: OrderTarget
  readonly word: TargetWord
  /** Name of the center above it. */
  readonly above: string
}
export interface HeadRow {
  readonly id: string
  readonly head: string
  readonly done: number
  readonly count: number
}
export type ListRow = TargetRow | HeadRow

/** How many targets are in each state, the worst first; those that nobody is in are left out. */
export function countsOf(rows: readonly TargetRow[]): readonly { readonly word: TargetWord; readonly count: number }[] {
  const counts = new Map<TargetWord, number>()
  for (const { word } of rows) counts.set(word, (counts.get(word) ?? 0) + 1)
  return WORST_FIRST.flatMap((word) => (counts.has(word) ? [{ word, count: counts.get(word) ?? 0 }] : []))
}

/** `aboveOf`: name of the center above one, by its code. Worst first, then by the center above, then as they were named. */
export function targetRows(order: Order, now: number, aboveOf: (code: string) => string): readonly TargetRow[] {
  const rank = new Map(WORST_FIRST.map((word, at) => [word, at]))
  const rows = order.targets.map((target): TargetRow => ({ id: target.center, target, word: targetWord(order, target, now), above: aboveOf(target.center) }))
  const place = new Map(rows.map((row, at) => [row.id, at]))
  // who asks for something is answered first among those in the same state
  const key = (row: TargetRow): number => (rank.get(row.word) ?? 99) * 2 + ((row.target.asked_due ?? null) === null ? 1 : 0)
  return rows.sort((one, other) => key(one) - key(other) || one.above.localeCompare(other.above, 'zh') || (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0))
}

/** The same below a head for each center above, the head with the worst target first. */
export function byCenterAbove(rows: readonly TargetRow[]): readonly ListRow[] {
  const groups = new Map<string, TargetRow[]>()
  for (const row of rows) push(groups, row)
  return [...groups].flatMap(([above, own]): ListRow[] => [
    { id: `above ${above}`, head: above, done: own.filter(({ target }) => isDone(target.state)).length, count: own.length },
    ...own,
  ])
}

function push(groups: Map<string, TargetRow[]>, row: TargetRow): void {
  const known = groups.get(row.above)
  if (known === undefined) groups.set(row.above, [row])
  else known.push(row)
}
