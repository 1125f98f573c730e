/** On the station, while it waits: who has the duty, taking over, handing over. It is fetched after the page, which it does not keep waiting. */
import { defineAsyncComponent, onScopeDispose, ref, watch } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./DutyKeys.vue'))
/** So long (ms) after the greeting whatever else the page needs is there. */
const REST_MS = 2000

export default {
  station({ account, live, now, meeting }: StationDesk) {
    const due = ref(false)
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      live.greeted,
      (greeted) => {
        if (greeted) timer ??= setTimeout(() => (due.value = true), REST_MS)
      },
      { immediate: true },
    )
    onScopeDispose(() => { clearTimeout(timer) })
    return { strip: { component: strip, given: () => (due.value && meeting.value === null && live.can.value.has('duty.take') ? { live, center: account.center.code, now: now.value, large: true, own: true } : undefined) } }
  },
} satisfies StationPart
