/** On the station: what it is asked to report, and by when. Fetched when the page stands, or a task is told of. */
import { defineAsyncComponent, onScopeDispose, ref, watch } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./StationTasks.vue'))
/** So long (ms) after the greeting whatever else the page needs is there. */
const REST_MS = 1_500

export default {
  station({ account, live, actions, now }: StationDesk) {
    const due = ref(false)
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      live.greeted,
      (greeted) => {
        if (greeted) timer ??= setTimeout(() => (due.value = true), REST_MS)
      },
      { immediate: true },
    )
    onScopeDispose(() => {
      clearTimeout(timer)
    })
    return { strip: { component: strip, given: () => (due.value ? { account, live, actions, now: now.value } : undefined) } }
  },
} satisfies StationPart
