/** Orders in 总览: how many one's own center has to sign, and to carry out. */
import { isOpenAt, isSigned, ownTarget } from '@/state/orders'

import type { OverviewPart } from '../rooms.contract'

export default {
  overview: (shell) => {
    if (shell.role !== 'leader' && shell.role !== 'dispatcher') return undefined
    const own = shell.account.center.code
    const open = () => shell.live.orders.value.filter((order) => isOpenAt(order, own))
    return {
      figures: () => {
        const unsigned = open().filter((order) => !isSigned(ownTarget(order, own)?.state)).length
        return [{ id: 'orders-own', place: 50, says: 'orders.figure.own', value: unsigned, of: open().length, tone: unsigned > 0 ? 'late' : 'plain', to: { name: 'orders', query: { side: 'received' } } }]
      },
    }
  },
} satisfies OverviewPart
