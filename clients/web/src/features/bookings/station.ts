/** On the station: the next meeting. It is fetched when the page stands and nothing else is waited for, or a booking is told of. */
import { defineAsyncComponent, onScopeDispose, ref, watch } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./StationBookings.vue'))
/** So long (ms) after the greeting whatever else the page needs is there. */
const REST_MS = 2000

export default {
  station({ live, now, meeting }: StationDesk) {
    const due = ref(false)
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      live.greeted,
      (greeted) => {
        if (greeted) timer ??= setTimeout(() => (due.value = true), REST_MS)
      },
      { immediate: true },
    )
    const off = live.socket.on('changed', ({ what }) => {
      if (what === 'booking') due.value = true
    })
    onScopeDispose(() => {
      clearTimeout(timer)
      off()
    })
    return { strip: { component: strip, given: () => (due.value ? { live, now: now.value, quiet: meeting.value !== null } : undefined) } }
  },
} satisfies StationPart
