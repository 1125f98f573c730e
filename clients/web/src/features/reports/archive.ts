/** Reports in the archive: how many, and their section of the minutes. */
import type { ArchivePart } from '../archive.contract'
import ReportMinutes from './ReportMinutes.vue'

export default {
  minutes: { place: 30, section: ReportMinutes },
  figures: ({ reports }) => {
    const abnormal = reports.filter((report) => report.situation === 'abnormal').length
    return [{ id: 'reports', place: 50, says: 'reports.figure.all', value: reports.length, more: { says: 'reports.figure.abnormal', words: { count: abnormal } } }]
  },
} satisfies ArchivePart
