/** On the station: the next meeting. It is fetched when the page stands and nothing else is waited for, or a booking is told of. */
import { defineAsyncComponent } from 'vue'

import { useRested } from '@/parts/rested'

import type { StationDesk, StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./StationBookings.vue'))

export default {
  station({ live, now, meeting }: StationDesk) {
    const due = useRested(live, 'booking')
    return { strip: { component: strip, given: () => (due.value ? { live, now: now.value, quiet: meeting.value !== null } : undefined) } }
  },
} satisfies StationPart
