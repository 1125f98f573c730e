/** Orders as one of their targets sees them: its own row, when it is due, and what wants attention first. Pure. */
import type { Order } from '@/protocol/types'
import { ownTarget } from '@/state/orders'

export { ownTarget }

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
export function inOrderOfAttention(orders: readonly Order[], center: string): Order[] {
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
  return orders
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
