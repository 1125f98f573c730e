/** Words of reports that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Reports',
  made: { incident: 'Take in as incident', quote: 'From the report: {center} {time} {text}' },
  lane: 'Reports',
  minutes: { title: 'Reports', none: 'No reports were filed' },
  figure: { all: 'Reports', abnormal: 'abnormal: {count}' },
  sentence: { normal: '{who} reports: all is well', abnormal: '{who} reports a situation' },
  entry: { 'report.filed': 'Report' },
} satisfies Translated<typeof zh>
