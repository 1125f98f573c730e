/** Decisions in the archive: how many, and their section of the minutes. */
import type { ArchivePart } from '../archive.contract'
import DecisionMinutes from './DecisionMinutes.vue'

export default {
  minutes: { place: 10, section: DecisionMinutes },
  figures: ({ decisions }) => [{ id: 'decisions', place: 60, says: 'decisions.figure', value: decisions.filter((one) => one.state !== 'draft' && one.state !== 'withdrawn').length }],
} satisfies ArchivePart
