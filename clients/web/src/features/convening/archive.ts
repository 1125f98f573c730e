/** Who came to a meeting, in its minutes; fetched when the minutes are opened. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 5, section: defineAsyncComponent(() => import('./AttendanceMinutes.vue')) },
} satisfies ArchivePart
