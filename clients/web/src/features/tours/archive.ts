/** Tours of a meeting in its minutes; fetched when the minutes are opened. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 26, section: defineAsyncComponent(() => import('./TourMinutes.vue')) },
} satisfies ArchivePart
