/** Words of routine tasks at the station: fetched with what shows them; English. */
import type { Translated } from '../words'
import type zh from './station.zh'

export default {
  label: 'Routine tasks',
  asks: 'Report by {when}',
  left: '{left} left',
  over: '{left} past due: report now (it counts as late)',
  urged: 'You are urged to report (time {count})',
  urgedSpoken: 'You are urged to report: {title}',
  by: 'from {center}',
  normal: 'All is well',
  abnormal: 'Something is wrong',
  soon: 'sent in {seconds} s',
  held: 'Not sent yet: it can be taken back. Leaving this page sends it.',
  back: 'Take back',
  sending: 'Reporting…',
  queued: 'Waits to be sent (no connection)',
  answered: 'Reported {at} · {what}',
  late: ' (late)',
  ended: 'Over',
  withdrawn: 'Withdrawn: no report is needed',
  reason: 'Reason: {reason}',
  done: 'Routine tasks today: {done}/{of} reported',
  show: 'Show',
  hide: 'Hide',
  all: 'All tasks',
  next: 'next by {when}',
  failed: 'Routine tasks could not be read, trying again',
  span: { days: '{days} d {hours} h', hours: '{hours} h {minutes} min', minutes: '{minutes} min' },
  today: 'today {time}',
  day: '{day} {time}',
} satisfies Translated<typeof zh>
