/** 指令: the ledger of orders over all meetings. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./OrdersPage.vue')

export default {
  place: 40,
  path: '/orders',
  says: 'orders.tab',
  icon: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13l2 2 4-4M9 18h6',
  roles: ['leader', 'dispatcher', 'clerk', 'station'],
  pages: [
    { path: '', name: 'orders', page },
    { path: ':order', name: 'orders-order', page },
  ],
} satisfies RoomPart
