/** The chair at the station: who leads, that one waits to be let in, that the meeting rests. What is shown is fetched in a meeting. */
import { computed, defineAsyncComponent } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const card = defineAsyncComponent(() => import('./StationChair.vue'))

export default {
  station: ({ account, now, room, view }: StationDesk) => {
    const given = computed(() => {
      const { parts } = room.value ?? {}
      if (parts === undefined || view.value === undefined) return undefined
      return { chair: view.value.chair, pause: parts.value('pause').value, door: parts.rows('waiting').value.get(account.id), now: now.value }
    })
    return { strip: { component: card, given: () => given.value } }
  },
} satisfies StationPart
