/** How far orders are: signed by how many, what is overdue. Pure. */
import type { Order, OrderTarget } from '@/protocol/types'

/** The word of a target of an order; an uncompleted one past its time is overdue. */
export type TargetWord = OrderTarget['state'] | 'overdue'

export function targetWord(order: Order, target: OrderTarget, now: number): TargetWord {
  if (target.state === 'completed') return 'completed'
  if (order.due !== null && Date.parse(order.due) < now) return 'overdue'
  return target.state
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
  for (const order of orders) {
    for (const target of order.targets) {
      targets += 1
      if (target.state !== 'issued') signed += 1
      if (targetWord(order, target, now) === 'overdue') overdue += 1
    }
  }
  return { targets, signed, overdue }
}

/** Whether an order should be completed by now and is not. */
export function isLate(order: Order, now: number): boolean {
  return order.due !== null && order.state !== 'completed' && Date.parse(order.due) < now
}
