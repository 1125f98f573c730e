/** On the station: the next meeting. It is fetched after the page stands. */
import { defineAsyncComponent } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./StationBookings.vue'))

export default {
  station: ({ live, now, meeting }: StationDesk) => ({ strip: { component: strip, given: () => ({ live, now: now.value, quiet: meeting.value !== null }) } }),
} satisfies StationPart
