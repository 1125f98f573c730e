/** The last steps of the leader's drill are done in the archive. */
import { computed } from 'vue'

import type { ArchivePart } from '../archive.contract'
import { shown } from '../shown'
import { DrillBar } from './bar'
import { seenInArchive } from './steps'

export default {
  strip({ meeting, reviewed }) {
    const seen = computed(() => seenInArchive(meeting.value, reviewed.value))
    return shown(DrillBar, () => ({ drill: 'leader' as const, seen: seen.value, offer: false }))
  },
} satisfies ArchivePart
