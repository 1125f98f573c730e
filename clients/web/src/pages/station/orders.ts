/** The orders of one center: taken from hello, kept by entries. */
import { ownTarget } from '@/parts/ownOrders'
import { foldOrders } from '@/protocol/meeting'
import type { Entry, Order } from '@/protocol/types'

export type Orders = ReadonlyMap<string, Order>

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
