/** Words of reports: all is well, or something is wrong; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  situation: { normal: 'All normal', abnormal: 'Abnormal' },
  panel: { sum: 'Abnormal {abnormal} · normal {normal}', order: 'Issue an order', none: 'No reports yet' },
  station: {
    normal: 'All is well',
    abnormal: 'Something is wrong',
    report: 'Report',
    sending: 'Reporting…',
    done: 'Reported',
    queued: 'Waits to be sent (no connection)',
    soon: 'sent in {seconds} s',
    held: 'Not sent yet: it can be taken back. Leaving this page sends it.',
    back: 'Take back',
  },
  tab: 'Reports',
  command: { 'report.file': 'report' },
} satisfies Translated<typeof zh>
