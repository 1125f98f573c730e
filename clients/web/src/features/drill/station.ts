/** The village's drill, under the head of the station. */
import { computed } from 'vue'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import DrillBar from './DrillBar.vue'
import { seenByVillage } from './steps'

export default {
  station({ account, live, orders, view }) {
    const seen = computed(() => seenByVillage(view.value, orders.value, account))
    return { strip: shown(DrillBar, () => ({ drill: 'village' as const, seen: seen.value, offer: live.demo.value })) }
  },
} satisfies StationPart
