/** Alarms in the archive: their section of a meeting's minutes. */
import type { ArchivePart } from '../contract'
import AlarmMinutes from './AlarmMinutes.vue'

export default {
  minutes: { place: 35, section: AlarmMinutes },
} satisfies ArchivePart
