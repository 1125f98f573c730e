/** The orders of one center: taken from hello, kept by entries, in the order in which they want attention. */
import type { Entry, Order, OrderState, OrderTarget } from '@/protocol/types'

export type Orders = ReadonlyMap<string, Order>

/** This center's own row of an order; an order without one is somebody else's. */
export function ownTarget(order: Order, center: string): OrderTarget | undefined {
  return order.targets.find((target) => target.center === center)
}

/** The orders of this center out of a list from the hub. */
export function ordersFrom(list: readonly Order[], center: string): Orders {
  return new Map(list.filter((order) => ownTarget(order, center)).map((order) => [order.id, order]))
}

/**
 * A fresh list from the hub laid over what is known. The hub's hello has only what is still to do, so that orders
 * completed here a moment ago stay visible until the page is left.
 */
export function merged(known: Orders, list: readonly Order[], center: string): Orders {
  return new Map([...known, ...ordersFrom(list, center)])
}

function withTarget(order: Order, center: string, change: (target: OrderTarget) => OrderTarget): Order {
  const targets = order.targets.map((target) => (target.center === center ? change(target) : target))
  return { ...order, targets, state: slowest(targets) }
}

const RANK: Record<OrderState, number> = { issued: 0, signed: 1, in_progress: 2, completed: 3 }

function slowest(targets: readonly OrderTarget[]): OrderState {
  return targets.reduce<OrderState>(
    (state, target) => (RANK[target.state] < RANK[state] ? target.state : state),
    'completed',
  )
}

/** The orders after an entry; entries of other centers and other kinds change nothing. Applying one twice neither. */
export function apply(orders: Orders, entry: Entry, center: string): Orders {
  switch (entry.kind) {
    case 'order.issued': {
      const { order: id, text, priority, due, issuer, targets } = entry.data
      if (orders.has(id) || !targets.some((target) => target.center === center)) return orders
      const rows = targets.map((target): OrderTarget => ({
        ...target,
        state: 'issued',
        signed_at: null,
        signed_by: null,
        completed_at: null,
        percent: null,
        progress: [],
      }))
      const order: Order = {
        id,
        meeting: entry.meeting,
        text,
        priority,
        due,
        issuer,
        issued_at: entry.at,
        state: 'issued',
        targets: rows,
      }
      return new Map([...orders, [id, order]])
    }
    case 'order.signed':
      return change(orders, entry.data.order, entry.data.center, (target) =>
        target.state === 'issued'
          ? { ...target, state: 'signed', signed_at: entry.at, signed_by: entry.data.account_name }
          : target,
      )
    case 'order.progressed': {
      const { text, percent, account_name: by } = entry.data
      return change(orders, entry.data.order, entry.data.center, (target) =>
        target.progress.some((step) => step.at === entry.at && step.text === text)
          ? target
          : {
              ...target,
              state: target.state === 'completed' ? 'completed' : 'in_progress',
              percent: percent ?? target.percent,
              progress: [...target.progress, { at: entry.at, text, percent, by }],
            },
      )
    }
    case 'order.completed':
      return change(orders, entry.data.order, entry.data.center, (target) =>
        target.state === 'completed' ? target : { ...target, state: 'completed', completed_at: entry.at },
      )
    default:
      return orders
  }
}

function change(orders: Orders, id: string, center: string, step: (target: OrderTarget) => OrderTarget): Orders {
  const order = orders.get(id)
  if (!order) return orders
  return new Map([...orders, [id, withTarget(order, center, step)]])
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
