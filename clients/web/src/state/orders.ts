/** Orders as a store keeps them: the oldest first, their targets put in one by one. */
import type { Api } from '@/protocol/api'
import type { ChangedEvent, Order, OrderState, OrderTarget } from '@/protocol/types'

import { type DocumentRules, type DocumentStore, documentStore } from './documents'
import type { Frame } from './frame'

export type OrderReader = Pick<Api, 'ordersById'>

/** A center's row of an order; an order without one is none of its. */
export function ownTarget(order: Order, center: string): OrderTarget | undefined {
  return order.targets.find((target) => target.center === center)
}

/** The slowest first. */
export const STEPS: readonly OrderState[] = ['issued', 'delivered', 'signed', 'returned', 'in_progress', 'completed', 'accepted']

/** Whether a target has nothing more to do, unless it is returned. */
export function isDone(state: OrderState | undefined): boolean {
  return state === 'completed' || state === 'accepted'
}

/** Whether somebody there has signed for it. */
export function isSigned(state: OrderState | undefined): boolean {
  return state !== 'issued' && state !== 'delivered'
}

/** Whether this center has something to do about it yet. */
export function isOpenAt(order: Order, center: string): boolean {
  return (order.withdrawn ?? null) === null && !isDone(ownTarget(order, center)?.state ?? 'accepted')
}

/** By when a target has to be done: it may have been given more time than the others. */
export function dueAt(order: Order, target: OrderTarget | undefined): string | null {
  return target?.due ?? order.due
}

/** The order with these targets in place of its own; its state is that of the slowest. */
export function withTargets(order: Order, rows: Readonly<Record<string, OrderTarget>>): Order {
  const rest = new Map(Object.entries(rows))
  const targets = order.targets.map((target) => {
    const fresh = rest.get(target.center)
    rest.delete(target.center)
    return fresh ?? target
  })
  targets.push(...rest.values())
  const slowest = Math.min(...targets.map((target) => STEPS.indexOf(target.state)))
  return { ...order, state: STEPS[slowest] ?? order.state, targets }
}

export function orderStore(frame: Frame, api: OrderReader, wants?: DocumentRules<Order>['wants']): DocumentStore<Order> {
  return documentStore<Order>(frame, {
    at: (order) => order.issued_at,
    patch: withTargets,
    read: async (ids) => api.ordersById(ids),
    ...(wants && { wants }),
  })
}

/** Whether a change is one of an order that this center carries out. */
export function concerns(center: string): (event: ChangedEvent) => boolean {
  return ({ value = null, rows = null }) => {
    if (rows !== null) return center in rows
    return value === null || ownTarget(value as Order, center) !== undefined
  }
}
