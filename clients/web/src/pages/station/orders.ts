/** The orders of one center: taken from hello, kept by entries, in the order in which they want attention. */
import { foldOrders } from '@/protocol/meeting'
import type { Entry, Order, OrderTarget } from '@/protocol/types'

export type Orders = ReadonlyMap<string, Order>

/** This center's own row of an order; an order without one is somebody else's. */
export function ownTarget(order: Order, center: string): OrderTarget | undefined {
  return order.targets.find((target) => target.center === center)
}

/** The orders of this center out of a list from the hub. */
export function ordersFrom(list: readonly Order[], center: string): Orders {
  return new Map(list.filter((order) => ownTarget(order, center)).map((order) => [order.id, order]))
}

/** The orders of a center up to one number of the journal. */
export interface Desk {
  readonly orders: Orders
  readonly seq: number
}

export const EMPTY_DESK: Desk = { orders: new Map(), seq: 0 }

/**
 * What the hub's greeting makes of the desk. It lists all that is still to do: what is known here and missing there was
 * completed meanwhile, and stays visible as such until the page is left.
 */
export function greeted(desk: Desk, list: readonly Order[], seq: number, center: string): Desk {
  const fresh = ordersFrom(list, center)
  const done = [...desk.orders.values()].filter((order) => !fresh.has(order.id)).map((order) => finished(order, center))
  return { orders: new Map([...done.map((order) => [order.id, order] as const), ...fresh]), seq }
}

/** The desk with what this center completed before: what is known already stays as it is. */
export function withHistory(desk: Desk, list: readonly Order[], center: string): Desk {
  const done = list.filter((order) => ownTarget(order, center)?.state === 'completed' && !desk.orders.has(order.id))
  return { ...desk, orders: new Map([...desk.orders, ...done.map((order) => [order.id, order] as const)]) }
}

function finished(order: Order, center: string): Order {
  const targets = order.targets.map((target) =>
    target.center === center ? { ...target, state: 'completed' as const } : target,
  )
  return { ...order, targets }
}

/** The desk after an entry; what is older than the desk, or of others, changes no order. */
export function apply(desk: Desk, entry: Entry, center: string): Desk {
  if (entry.seq <= desk.seq) return desk
  if (entry.kind === 'order.issued' && !entry.data.targets.some((target) => target.center === center)) return desk
  const before = [...desk.orders.values()]
  const after = foldOrders(before, entry)
  return { seq: entry.seq, orders: after === before ? desk.orders : new Map(after.map((order) => [order.id, order])) }
}

export type Due = 'none' | 'later' | 'soon' | 'overdue'

/** Due within the hour is soon. `now` in ms since the epoch. */
export function dueOf(order: Order, center: string, now: number): Due {
  if (order.due === null || ownTarget(order, center)?.state === 'completed') return 'none'
  const left = Date.parse(order.due) - now
  if (left < 0) return 'overdue'
  return left < 3_600_000 ? 'soon' : 'later'
}

const URGENCY = { critical: 0, urgent: 1, normal: 2 } as const

/** What wants attention first stands first: unsigned before signed, then priority, due, newest; completed last. */
export function inOrderOfAttention(orders: Orders, center: string): Order[] {
  const key = (order: Order): number[] => {
    const state = ownTarget(order, center)?.state ?? 'completed'
    return [
      state === 'completed' ? 1 : 0,
      state === 'issued' ? 0 : 1,
      URGENCY[order.priority],
      order.due === null ? Number.MAX_SAFE_INTEGER : Date.parse(order.due),
      -Date.parse(order.issued_at),
    ]
  }
  return [...orders.values()]
    .map((order) => ({ order, key: key(order) }))
    .sort((a, b) => {
      for (let i = 0; i < a.key.length; i += 1) {
        const difference = (a.key[i] ?? 0) - (b.key[i] ?? 0)
        if (difference !== 0) return difference
      }
      return 0
    })
    .map(({ order }) => order)
}
