/** The orders of the own center, below all else; what waits for a signature cannot be missed. */
import { computed } from 'vue'

import { isOpenAt, isSigned, ownTarget } from '@/parts/ownOrders'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import StationOrders from './StationOrders.vue'
import UnsignedHint from './UnsignedHint.vue'

export default {
  station(desk) {
    const center = desk.account.center.code
    const unsigned = computed(() =>
      desk.orders.value.filter((order) => isOpenAt(order, center) && !isSigned(ownTarget(order, center)?.state)).map((order) => order.id),
    )
    return {
      panes: [
        {
          where: 'below',
          place: 10,
          pane: shown(StationOrders, () => ({
            orders: desk.orders.value,
            center,
            village: desk.account.center.level === 'village',
            now: desk.now.value,
            actions: desk.actions,
            live: desk.live,
            greeted: desk.live.greeted.value,
            stale: desk.live.freshness.stale.value,
            asOf: desk.live.freshness.asOf.value,
            inMeeting: desk.meeting.value !== null,
          })),
        },
      ],
      over: [shown(UnsignedHint, () => ({ orders: unsigned.value, inMeeting: desk.view.value !== undefined }))],
      waiting: () => unsigned.value.length,
    }
  },
} satisfies StationPart
