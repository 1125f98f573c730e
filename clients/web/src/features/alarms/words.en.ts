/** Words of alarms that a station shows, too, and what its commands and entries are called; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  lane: 'Alarms',
  command: { 'alarm.acknowledge': 'acknowledge', 'alarm.deliver': 'deliver' },
  entry: {
    'alarm.raised': 'Alarm',
    'alarm.delivered': 'Alarm delivered',
    'alarm.acknowledged': 'Alarm acknowledged',
    'alarm.ordered': 'Alarm answered by an order',
    'alarm.escalated': 'Alarm escalated',
    'alarm.cleared': 'Alarm cleared',
  },
} satisfies Translated<typeof zh>
