/** On the station: what its center has to do about incidents and appeals. */
import { defineAsyncComponent } from 'vue'

import { useRested } from '@/parts/rested'

import type { StationDesk, StationPart } from '../contract'

const pane = defineAsyncComponent(() => import('./StationIncidents.vue'))

export default {
  station({ account, actions, live, meeting, now }: StationDesk) {
    const due = useRested(live, 'incident')
    return { panes: [{ where: 'below', place: 20, pane: { component: pane, given: () => (due.value ? { account, actions, live, meeting: meeting.value, now: now.value } : undefined) } }] }
  },
} satisfies StationPart
