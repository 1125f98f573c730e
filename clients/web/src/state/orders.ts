/** Orders as a store keeps them: the oldest first, their targets put in one by one. */
import type { Api } from '@/protocol/api'
import type { ChangedEvent, Order, OrderTarget } from '@/protocol/types'

import { type DocumentRules, type DocumentStore, documentStore } from './documents'
import type { Frame } from './frame'

export type OrderReader = Pick<Api, 'ordersById'>

/** A center's row of an order; an order without one is none of its. */
export function ownTarget(order: Order, center: string): OrderTarget | undefined {
  return order.targets.find((target) => target.center === center)
}

/** The order with these targets in place of its own, and its state if one is told. */
export function withTargets(order: Order, { rows = {}, state }: Pick<ChangedEvent, 'rows' | 'state'>): Order {
  const rest = new Map(Object.entries(rows))
  const targets = order.targets.map((target) => {
    const fresh = rest.get(target.center)
    rest.delete(target.center)
    return fresh ?? target
  })
  return { ...order, state: state ?? order.state, targets: [...targets, ...rest.values()] }
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
  return ({ value, rows }) => {
    if (rows !== undefined) return center in rows
    const order = value as Order | null | undefined
    return order === undefined || (order !== null && ownTarget(order, center) !== undefined)
  }
}
