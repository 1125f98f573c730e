/** Words of orders: issued, signed, told of, completed; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  state: { issued: 'Issued', delivered: 'Delivered', signed: 'Signed', returned: 'Returned', in_progress: 'In progress', completed: 'Completed', accepted: 'Accepted', overdue: 'Overdue', withdrawn: 'Withdrawn' },
  priority: { normal: 'Normal', urgent: 'Urgent', critical: 'Critical' },
  station: {
    title: 'Orders',
    due: 'due {time}',
    soon: '{count} min left',
    overdue: 'overdue for {time}',
    done: 'Completed orders {count}',
    ledger: 'All orders, done ones too',
    allDone: 'Show all {count} completed orders',
    none: 'No open orders',
    unsigned: 'An order waits for your signature | {count} orders wait for your signature',
    minutes: '{count} min',
    hours: '{count} h',
    days: '{count} d',
  },
  tab: 'Orders',
  key: 'Order',
  onTile: 'Order',
  does: 'Issue an order',
  command: {
    'order.issue': 'order', 'order.deliver': 'delivery of an order', 'order.sign': 'signing an order', 'order.progress': 'progress of an order', 'order.complete': 'completing an order', 'extension.ask': 'asking for time',
    'order.accept': 'acceptance', 'order.return': 'return', 'order.urge': 'reminder', 'order.supervise': 'supervision', 'order.withdraw': 'withdrawing an order', 'order.correct': 'correcting an order',
    'extension.grant': 'more time', 'extension.refuse': 'no more time', 'numbering.change': 'numbers of orders', 'wording.save': 'order template', 'wording.remove': 'order template',
  },
} satisfies Translated<typeof zh>
