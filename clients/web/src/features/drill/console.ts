/** The leader's drill, under the head of the console. */
import { computed } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import DrillBar from './DrillBar.vue'
import { seenByLeader } from './steps'

export default {
  strip({ account, live, meeting, inMeeting }) {
    const seen = computed(() => seenByLeader(meeting.value, account))
    return shown(DrillBar, () => ({ drill: 'leader' as const, seen: seen.value, offer: live.demo.value && !inMeeting.value }))
  },
} satisfies ConsolePart
