/** How custody is told: holds, and what was destroyed by decision. It comes after the meeting and has a line of its own. */
import type { Author } from '@/protocol/types'

import type { RecordPart, Sentence, Shape } from '../contract'

const LOCK = 'M-4 -1h8v6h-8zM-2.5 -1v-2a2.5 2.5 0 0 1 5 0v2'
const BIN = 'M-5 -4h10M-4 -4l1 9h6l1 -9'
const hold = (says: string, tone: Shape['tone']) => ({
  sentence: ({ data: { by, reason } }: { data: { by: Author; reason: string } }): Sentence => ({ key: `custody.sentence.${says}`, words: { who: `${by.center_name} ${by.name}` }, quote: reason }),
  shape: { d: LOCK, tone, solid: false },
})

export default {
  lane: { name: 'custody', place: 97, says: 'custody.lane' },
  entries: {
    'hold.placed': hold('placed', 'accent'),
    'hold.lift_asked': hold('liftAsked', 'going'),
    'hold.lifted': hold('lifted', 'quiet'),
    'hold.kept': hold('kept', 'accent'),
    'disposal.destroyed': {
      sentence: ({ data: { number, items, approved_by: by } }) => ({ key: 'custody.sentence.destroyed', words: { number, count: items.length, approved: `${by.center_name} ${by.name}` }, quote: '' }),
      shape: { d: BIN, tone: 'late', solid: false },
    },
    'disposal.spared': { sentence: ({ data: { number } }) => ({ key: 'custody.sentence.spared', words: { number }, quote: '' }), shape: { d: BIN, tone: 'quiet', solid: false } },
  },
} satisfies RecordPart
