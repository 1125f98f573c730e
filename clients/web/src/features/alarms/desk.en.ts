/** Words of alarms that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  sentence: {
    raised: {
      situation: '{who} reports a situation: alarm raised',
      lost: 'Alarm: {lost} stations lost at once, of {of}',
      overdue: 'Alarm: an order by {who} is overdue, {left} of {of} have not completed it',
      disk: 'Alarm: little room is left on a disk',
      unrecorded: 'Alarm: the recording does not record',
      service: 'Alarm: no media node is there',
      backup: 'Alarm: the latest backup failed or does not hold',
      certificate: 'Alarm: a certificate runs out in {days} days',
    },
    delivered: 'The alarm is shown at the desk of {who}',
    acknowledged: '{who} acknowledged the alarm',
    ordered: '{who} issued an order because of the alarm: {order}',
    escalated: 'Nobody acknowledged it: the alarm goes up to {to}',
    cleared: {
      normal: 'Alarm cleared: the center reports that all is well',
      completed: 'Alarm cleared: the order is completed',
      passed: 'Alarm cleared: it has passed',
      aged: 'Alarm laid aside: nothing more was heard after it was acknowledged',
    },
  },
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
