/** Words of plans that every desk says; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Plans',
  card: 'Plans',
  all: 'All plans',
  found: 'Plan',
  command: { 'plan.save': 'saving the plan', 'plan.remove': 'deleting the plan', 'plan.start': 'starting the plan' },
} satisfies Translated<typeof zh>
