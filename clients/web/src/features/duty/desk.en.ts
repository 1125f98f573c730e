/** Words of duty that every desk needs; those of its room come with it. English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Duty',
  command: { 'duty.plan': 'Save roster' },
  entry: {
    'duty.planned': 'Roster', 'duty.plan_over': 'Roster filed', 'duty.taken': 'Took over', 'duty.handed': 'Handed over', 'duty.relieved': 'Note confirmed', 'duty.missed': 'Nobody took over',
  },
} satisfies Translated<typeof zh>
