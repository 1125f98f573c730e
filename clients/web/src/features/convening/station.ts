/** Signing in at the station: who is present, said once in a meeting. */
import { computed, defineAsyncComponent } from 'vue'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import type SignInPane from './SignInPane.vue'

const Pane = defineAsyncComponent<typeof SignInPane>(() => import('./SignInPane.vue').then((file) => file.default))

export default {
  station(desk) {
    const seat = computed(() => desk.view.value?.participants.find((one) => one.id === desk.account.id && one.state === 'joined'))
    return {
      panes: [
        {
          where: 'meeting',
          place: 10,
          pane: shown(Pane, () => {
            const meeting = desk.room.value?.id
            if (meeting === undefined || seat.value === undefined) return undefined
            return { actions: desk.actions, meeting, present: seat.value.present ?? '', duty: seat.value.duty ?? '' }
          }),
        },
      ],
    }
  },
} satisfies StationPart
