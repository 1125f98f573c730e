/** Words of routine tasks that desks have at hand; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Routine tasks',
  command: { 'task.give': 'give a routine task', 'task.urge': 'urge', 'task.change': 'Change a task', 'task.end': 'end a routine task' },
} satisfies Translated<typeof zh>
