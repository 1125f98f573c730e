/** The roll calls of a meeting in its minutes. */
import type { ArchivePart } from '../contract'
import RollCallMinutes from './RollCallMinutes.vue'

export default {
  minutes: { place: 25, section: RollCallMinutes },
} satisfies ArchivePart
