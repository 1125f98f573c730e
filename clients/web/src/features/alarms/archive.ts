/** Alarms in the archive: their section of a meeting's minutes. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 35, section: defineAsyncComponent(() => import('./AlarmMinutes.vue')) },
} satisfies ArchivePart
