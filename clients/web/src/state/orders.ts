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

const STEPS: readonly OrderState[] = ['issued', 'signed', 'in_progress', 'completed']

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
