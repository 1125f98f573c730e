/** The leader's drill, under the head of the console. */
import { computed } from 'vue'

import type { LobbyPart } from '../lobby.contract'
import { shown } from '../shown'
import { afterThePage, DrillBar } from './bar'
import { seenByLeader } from './steps'

export default {
  strip({ account, live, meeting, inMeeting }) {
    const seen = computed(() => seenByLeader(meeting.value, account))
    const come = afterThePage()
    return shown(DrillBar, () => (come.value && live.demo.value ? { drill: 'leader' as const, seen: seen.value, offer: !inMeeting.value } : undefined))
  },
} satisfies LobbyPart
