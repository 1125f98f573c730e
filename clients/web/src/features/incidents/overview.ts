/** Incidents and appeals in 总览: what waits for one's own center. */
import { defineAsyncComponent } from 'vue'

import type { OverviewPart } from '../rooms.contract'

const card = defineAsyncComponent(() => import('./IncidentsCard.vue'))

export default {
  overview: ({ role }) => (role === 'leader' || role === 'dispatcher' ? { cards: [{ column: 'waits', place: 20, card: { component: card, given: () => ({}) } }] } : undefined),
} satisfies OverviewPart
