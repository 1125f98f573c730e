/** Routine tasks in the record of a meeting: they stand outside of meetings; what a center answers is a report. */
import type { RecordPart } from '../contract'

const untold = { untold: 'no meeting has one: 情况 shows the board' }

export default {
  entries: {
    'task.given': untold,
    'task.opened': untold,
    'task.answered': untold,
    'task.urged': untold,
    'task.fell_due': untold,
    'task.closed': untold,
    'task.changed': untold,
    'task.ended': untold,
  },
} satisfies RecordPart
