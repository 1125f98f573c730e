/** Banners and tickers of a meeting in its minutes; fetched when the minutes are opened. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

export default {
  minutes: { place: 27, section: defineAsyncComponent(() => import('./BannerMinutes.vue')) },
} satisfies ArchivePart
