/** Words of incidents and appeals that desks show outside of their room; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Incidents',
  newKey: 'Take in an incident or appeal',
  lane: 'Incidents',
  sentence: {
    registered: { incident: '{who} took in incident {number}: {title}', appeal: '{who} took in appeal {number}: {title}' },
    studied: '{who} wrote down a finding',
    routed: { down: '{who} routed it down to {to}', up: '{who} passed it up to {to}', across: '{who} moved it to {to}' },
    noted: '{who} told what was done',
  },
  command: {
    'incident.register': 'intake', 'incident.change': 'correction', 'incident.study': 'finding', 'incident.route': 'routing', 'incident.acknowledge': 'received',
    'incident.note': 'handling note', 'incident.complete': 'report as done', 'incident.close': 'check passed', 'incident.return': 'giving back', 'incident.reopen': 'reopening',
    'incident.join': 'joining', 'incident.separate': 'taking apart',
  },
  entry: {
    'incident.registered': 'Taken in', 'incident.changed': 'Corrected', 'incident.studied': 'Finding', 'incident.routed': 'Routed', 'incident.acknowledged': 'Received',
    'incident.noted': 'Handling', 'incident.completed': 'Reported done', 'incident.passed': 'Check passed', 'incident.returned': 'Given back', 'incident.closed': 'Closed',
    'incident.reopened': 'Reopened', 'incident.joined': 'Joined', 'incident.separated': 'Taken apart', 'incident.gathered': 'Took in a duplicate', 'incident.released': 'Let a duplicate go',
    'incident.overdue': 'Overdue', 'incident.ordered': 'Order issued',
  },
} satisfies Translated<typeof zh>
