/** Plans on 总览: each is one key. */
import { defineAsyncComponent } from 'vue'

import type { OverviewPart } from '../rooms.contract'
import { shown } from '../shown'
import type PlanKeys from './PlanKeys.vue'
import { usePlans } from './usePlans'

const Keys = defineAsyncComponent<typeof PlanKeys>(() => import('./PlanKeys.vue').then((file) => file.default))

export default {
  overview(shell) {
    if (shell.role !== 'leader' && shell.role !== 'dispatcher') return undefined
    const list = usePlans(shell)
    const plans = () => list.all.value ?? []
    return { cards: [{ column: 'call', place: 5, card: shown(Keys, () => (plans().length > 0 ? { plans: plans(), called: list.called } : undefined)) }] }
  },
} satisfies OverviewPart
