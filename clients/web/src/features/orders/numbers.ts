/** How far orders are: signed by how many, what is overdue. Pure. */
import type { Order, OrderTarget } from '@/protocol/types'
import { dueAt, isDone, isSigned } from '@/state/orders'

/** The word of a target of an order; an uncompleted one past its time is overdue. */
export type TargetWord = OrderTarget['state'] | 'overdue'

export function targetWord(order: Order, target: OrderTarget, now: number): TargetWord {
  if (isDone(target.state) || (order.withdrawn ?? null) !== null) return target.state
  const due = dueAt(order, target)
  return due !== null && Date.parse(due) < now ? 'overdue' : target.state
}

/** What wants attention first stands first. */
export const WORST_FIRST: readonly TargetWord[] = ['overdue', 'returned', 'issued', 'delivered', 'signed', 'in_progress', 'completed', 'accepted']

/** Whether nothing more is to be done about it by its targets. */
export function isOver(order: Order): boolean {
  return (order.withdrawn ?? null) !== null || isDone(order.state)
}

export interface OrderNumbers {
  readonly targets: number
  readonly signed: number
  readonly overdue: number
}

export function orderNumbers(orders: readonly Order[], now: number): OrderNumbers {
  let targets = 0
  let signed = 0
  let overdue = 0
  for (const order of orders.filter((one) => (one.withdrawn ?? null) === null)) {
    for (const target of order.targets) {
      targets += 1
      if (isSigned(target.state)) signed += 1
      if (targetWord(order, target, now) === 'overdue') overdue += 1
    }
  }
  return { targets, signed, overdue }
}

/** Whether an order should be completed by now and is not. */
export function isLate(order: Order, now: number): boolean {
  return order.targets.some((target) => targetWord(order, target, now) === 'overdue')
}
