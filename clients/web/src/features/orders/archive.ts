/** Orders in the archive: how many are completed, which are overdue, and their section of the minutes. */
import { isDone } from '@/state/orders'

import type { ArchivePart } from '../archive.contract'
import { isLate } from './numbers'
import OrderMinutes from './OrderMinutes.vue'

export default {
  minutes: { place: 20, section: OrderMinutes },
  figures: ({ orders }, now) => {
    const completed = orders.filter((order) => isDone(order.state)).length
    const overdue = orders.filter((order) => isLate(order, now)).length
    return [
      { id: 'orders', place: 30, says: 'orders.figure.completed', value: completed, of: orders.length },
      ...(overdue > 0 ? [{ id: 'overdue', place: 40, says: 'orders.figure.overdue', value: overdue, late: true }] : []),
    ]
  },
} satisfies ArchivePart
