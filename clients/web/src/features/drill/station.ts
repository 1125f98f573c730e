/** The village's drill, under the head of the station. */
import { computed } from 'vue'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import { afterThePage, DrillBar } from './bar'
import { seenByVillage } from './steps'

export default {
  station({ account, live, orders, view }) {
    const seen = computed(() => seenByVillage(view.value, orders.value, account))
    const come = afterThePage()
    return { strip: shown(DrillBar, () => (come.value && live.demo.value ? { drill: 'village' as const, seen: seen.value, offer: true } : undefined)) }
  },
} satisfies StationPart
