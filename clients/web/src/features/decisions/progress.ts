/** How a decision stands: whether another took its place, how far the orders are that carry it out. Pure. */
import type { Decision, Order } from '@/protocol/types'

export interface Progress {
  /** Orders. */
  readonly count: number
  /** Their targets. */
  readonly of: number
  readonly signed: number
  readonly completed: number
}

/** States of a target before it signed, and after it is done. */
const UNSIGNED: readonly string[] = ['issued', 'delivered']
const DONE: readonly string[] = ['completed', 'accepted']

export function progressOf(decision: Pick<Decision, 'id'>, orders: readonly Order[]): Progress {
  const mine = orders.filter(({ about }) => about?.what === 'decision' && about.id === decision.id)
  const states: readonly string[] = mine.flatMap(({ targets }) => targets.map(({ state }) => state))
  return { count: mine.length, of: states.length, signed: states.filter((one) => !UNSIGNED.includes(one)).length, completed: states.filter((one) => DONE.includes(one)).length }
}

/** Whether a later one that is confirmed took its place: told with that one, so it is looked for there. */
export function isAmended({ id }: Pick<Decision, 'id'>, all: readonly Decision[]): boolean {
  return all.some((one) => one.amends === id && one.state === 'confirmed')
}
