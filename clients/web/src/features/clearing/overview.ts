/** 比对 in 总览: the lists that are being checked. Fetched with the page. */
import { defineAsyncComponent } from 'vue'

import type { OverviewPart } from '../rooms.contract'

const card = defineAsyncComponent(() => import('./ListsCard.vue'))

export default {
  overview: (shell) => (shell.role === 'leader' || shell.role === 'dispatcher' ? { cards: [{ column: 'today', place: 25, card: { component: card, given: () => ({}) } }] } : undefined),
} satisfies OverviewPart
