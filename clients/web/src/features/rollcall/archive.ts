/** The roll calls of a meeting in its minutes; fetched when the minutes are opened. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 25, section: defineAsyncComponent(() => import('./RollCallMinutes.vue')) },
} satisfies ArchivePart
