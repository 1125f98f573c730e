/** On the station: rows of people that one's center checks. What is shown comes when the page stands, or a list is told of. */
import { defineAsyncComponent, onScopeDispose, ref, watch } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const pane = defineAsyncComponent(() => import('./StationLists.vue'))
/** So long (ms) after the greeting whatever else the page needs is there. */
const REST_MS = 2500

export default {
  station({ account, actions, live, meeting }: StationDesk) {
    const due = ref(false)
    let timer: ReturnType<typeof setTimeout> | undefined
    watch(
      live.greeted,
      (greeted) => {
        if (greeted) timer ??= setTimeout(() => (due.value = true), REST_MS)
      },
      { immediate: true },
    )
    const off = live.socket.on('changed', ({ what }) => {
      if (what === 'clearing') due.value = true
    })
    onScopeDispose(() => {
      clearTimeout(timer)
      off()
    })
    return { panes: [{ where: 'keys', place: 15, pane: { component: pane, given: () => (due.value ? { account, actions, live, meeting: meeting.value } : undefined) } }] }
  },
} satisfies StationPart
