/** Routine tasks in 总览: those of today, and how far. Fetched with the page. */
import { defineAsyncComponent } from 'vue'

import type { OverviewPart } from '../rooms.contract'

const card = defineAsyncComponent(() => import('./TaskCard.vue'))

export default {
  overview: (shell) => (shell.role === 'leader' || shell.role === 'dispatcher' ? { cards: [{ column: 'today', place: 20, card: { component: card, given: () => ({}) } }] } : undefined),
} satisfies OverviewPart
