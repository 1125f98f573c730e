/** The history of control in the minutes; fetched when the minutes are opened. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 90, section: defineAsyncComponent(() => import('./ControlMinutes.vue')) },
} satisfies ArchivePart
