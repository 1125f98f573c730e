/** Orders as one of their targets sees them: its own row, when it is due, and what wants attention first. Pure. */
import type { Order } from '@/protocol/types'
import { dueAt, isOpenAt, isSigned, ownTarget } from '@/state/orders'

export { isOpenAt, isSigned, ownTarget }

export type Due = 'none' | 'later' | 'soon' | 'overdue'

/** Due within the hour is soon. `now` in ms since the epoch. */
export function dueOf(order: Order, center: string, now: number): Due {
  const due = dueAt(order, ownTarget(order, center))
  if (due === null || !isOpenAt(order, center)) return 'none'
  const left = Date.parse(due) - now
  if (left < 0) return 'overdue'
  return left < 3_600_000 ? 'soon' : 'later'
}

const URGENCY = { critical: 0, urgent: 1, normal: 2 } as const

/** What wants attention first stands first: unsigned and returned before signed, then priority, due, newest; what is over last. */
export function inOrderOfAttention(orders: readonly Order[], center: string): Order[] {
  const key = (order: Order): number[] => {
    const target = ownTarget(order, center)
    const due = dueAt(order, target)
    return [
      isOpenAt(order, center) ? 0 : 1,
      isSigned(target?.state) && target?.state !== 'returned' ? 1 : 0,
      URGENCY[order.priority],
      due === null ? Number.MAX_SAFE_INTEGER : Date.parse(due),
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
