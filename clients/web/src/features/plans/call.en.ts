/** Words of plans that a meeting's own pages say; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  entry: { 'plan.saved': 'Plan saved', 'plan.removed': 'Plan deleted' },
} satisfies Translated<typeof zh>
