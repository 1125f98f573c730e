/** Tells the hub that this page shows orders to a person: once each, when they are drawn and the page is in sight. */
import { onScopeDispose, ref, watch } from 'vue'

import type { Order } from '@/protocol/types'
import type { Live } from '@/state/live'
import { isOpenAt, ownTarget } from '@/state/orders'

/** `shown`: the orders that are drawn now. Call it in the scope of what draws them. */
export function useDelivered(live: Pick<Live, 'command' | 'freshness'>, center: string, shown: () => readonly Order[]): void {
  const told = new Set<string>()
  const seen = ref(document.visibilityState === 'visible')
  const look = (): void => {
    seen.value = document.visibilityState === 'visible'
  }
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
  })
  watch(
    () => (seen.value && !live.freshness.stale.value ? shown().filter((order) => isOpenAt(order, center) && ownTarget(order, center)?.state === 'issued') : []),
    (orders) => {
      for (const { id } of orders) {
        if (told.has(id)) continue
        told.add(id)
        // the hub says no to one that is over meanwhile
        live.command('order.deliver', { order: id }).catch(() => undefined)
      }
    },
    // once it is drawn
    { immediate: true, flush: 'post' },
  )
}
