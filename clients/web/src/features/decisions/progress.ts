/** How a decision stands: whether another took its place, how far the orders are that carry it out. Pure. */
import type { Account, Center, Decision, Order, Snapshot } from '@/protocol/types'

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

/** The one that is confirmed and took its place; undefined where none did. */
export function successorOf({ id, amended_by }: Pick<Decision, 'id' | 'amended_by'>, all: readonly Decision[]): string | undefined {
  return amended_by ?? all.find((one) => one.amends === id && one.state === 'confirmed')?.id
}

/** Whether a later one took its place. */
export function isAmended(decision: Pick<Decision, 'id' | 'amended_by'>, all: readonly Decision[]): boolean {
  return successorOf(decision, all) !== undefined
}

/** Whether this person amends what a meeting decided, after it: who convened it, and who may take the chair from him. `centers`: one's own and all below. */
export function mayAmend({ state, convener }: Pick<Snapshot, 'state' | 'convener'>, account: Pick<Account, 'id' | 'role' | 'center'>, centers: readonly Pick<Center, 'code'>[]): boolean {
  if (state !== 'ended') return false
  if (convener.id === account.id) return true
  const below = centers.some(({ code }) => code === convener.center)
  return below && (account.role === 'leader' || (account.role === 'dispatcher' && convener.center !== account.center.code))
}
