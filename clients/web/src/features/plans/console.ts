/** A plan that was started, on the desk of its meeting: how far it is. */
import { computed, defineAsyncComponent, ref } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type PlanStrip from './PlanStrip.vue'

const Strip = defineAsyncComponent<typeof PlanStrip>(() => import('./PlanStrip.vue').then((file) => file.default))

export default {
  desk(desk) {
    const runs = desk.room.parts.rows('plan_run')
    const run = computed(() => runs.value.get(desk.account.id))
    const open = ref(false)
    return { aboveStage: [shown(Strip, () => (run.value === undefined ? undefined : { run: run.value, open: open.value, onToggle: () => (open.value = !open.value) }))] }
  },
} satisfies ConsolePart
