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
    title: 'Report a situation',
    label: 'What has happened',
    send: 'Send report',
    need: 'Write what happened, or choose a phrase',
    phrases: {
      people: 'Strangers here, help with checking is needed.',
      sick: 'Somebody has a fever, medical help is needed.',
      traffic: 'Traffic jam, not enough hands.',
      supplies: 'Supplies are short.',
      water: 'The water is rising, help is needed.',
      fire: 'A fire, help is needed.',
    },
  },
  tab: 'Reports',
  command: { 'report.file': 'report' },
} satisfies Translated<typeof zh>
