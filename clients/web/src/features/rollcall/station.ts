/** The roll call at the station: that it is called, and its answer. What is shown is fetched when one begins. */
import { computed, defineAsyncComponent } from 'vue'

import type { StationDesk, StationPart } from '../contract'

const card = defineAsyncComponent(() => import('./StationRollCall.vue'))

export default {
  station: ({ account, actions, meeting, now, room }: StationDesk) => {
    const roll = computed(() => room.value?.parts.value('roll_call').value)
    const row = computed(() => room.value?.parts.rows('roll_call_list').value.get(account.center.code))
    const given = computed(() =>
      roll.value === undefined || roll.value.state === 'none' || row.value === undefined || meeting.value === null
        ? undefined
        : { actions, meeting: meeting.value, center: account.center.code, roll: roll.value, row: row.value, now: now.value },
    )
    return { strip: { component: card, given: () => given.value } }
  },
} satisfies StationPart
