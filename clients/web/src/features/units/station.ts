/** Units at the station: that its meeting has joined one above. What is shown is fetched when it has. */
import { defineAsyncComponent } from 'vue'

import type { StationPart } from '../contract'

const strip = defineAsyncComponent(() => import('./StationUpper.vue'))

export default {
  station: ({ room }) => ({
    strip: {
      component: strip,
      given: () => {
        const upper = room.value?.parts.value('upper').value
        return upper?.state === 'joined' && upper.of !== null ? { of: upper.of } : undefined
      },
    },
  }),
} satisfies StationPart
