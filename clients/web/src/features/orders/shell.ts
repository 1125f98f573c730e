/** Orders in the frame: the sheet over a room in which one was begun, what one's own center has to sign, and what Ctrl-K finds. */
import { computed, defineAsyncComponent } from 'vue'
import { useI18n } from 'vue-i18n'

import { readLedger } from '@/protocol/ordersApi'
import { isOpenAt, isSigned, ownTarget } from '@/state/orders'
import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

const OrderSheet = defineAsyncComponent(() => import('./OrderSheet.vue'))
/** So many orders are found by a word. */
const FOUND = 8

export default {
  shell: (shell) => {
    if (!['leader', 'dispatcher'].includes(shell.role)) return undefined
    const { t } = useI18n()
    const { api } = useSession()
    const own = shell.account.center.code
    const unsigned = computed(() => shell.live.orders.value.filter((order) => isOpenAt(order, own) && !isSigned(ownTarget(order, own)?.state)).length)
    return {
      over: [
        {
          component: OrderSheet,
          given: () =>
            shell.ordering.value === null
              ? undefined
              : { live: shell.live, occasion: shell.ordering.value, meeting: shell.meeting.value?.id, onClose: shell.ordered },
        },
      ],
      counts: () => ({ '/orders': unsigned.value }),
      waiting: () => unsigned.value,
      find: async (text) => {
        const typed = text.trim()
        if (typed.length < 2) return []
        const { orders } = await readLedger(api, { state: 'all', q: typed, limit: FOUND })
        return orders.map((order) => ({
          id: `order ${order.id}`,
          kind: t('orders.tab'),
          text: `${order.number} ${order.text}`.trim(),
          more: order.issuer.center_name,
          press: () => {
            shell.go({ name: 'orders-order', params: { order: order.id } })
          },
        }))
      },
    }
  },
} satisfies ShellPart
