/** Duty on 总览: who has it here, and where nobody took over. It comes after the page. */
import { defineAsyncComponent } from 'vue'

import type { OverviewPart } from '../rooms.contract'
import { shown } from '../shown'
import type Card from './DutyCard.vue'

const DutyCard = defineAsyncComponent<typeof Card>(() => import('./DutyCard.vue').then((file) => file.default))
const READS: readonly string[] = ['leader', 'dispatcher', 'clerk']

export default {
  overview: (shell) => (READS.includes(shell.role) ? { cards: [{ column: 'today', place: 30, card: shown(DutyCard, () => ({})) }] } : undefined),
} satisfies OverviewPart
