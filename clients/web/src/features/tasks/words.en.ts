/** Words of routine tasks that a station shows before anything is fetched; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  command: { 'task.answer': 'report' },
} satisfies Translated<typeof zh>
