/** Words of routine tasks in the record of a meeting; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  entry: {
    'task.given': 'Routine task given',
    'task.changed': 'Routine task changed',
    'task.opened': 'Routine task open',
    'task.answered': 'Routine task answered',
    'task.urged': 'Routine task urged',
    'task.fell_due': 'Routine task due',
    'task.closed': 'Routine task closed',
    'task.ended': 'Routine task ended',
  },
} satisfies Translated<typeof zh>
