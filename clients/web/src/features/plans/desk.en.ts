/** Words of plans that every desk says; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  command: { 'plan.save': 'saving the plan', 'plan.remove': 'deleting the plan' },
} satisfies Translated<typeof zh>
