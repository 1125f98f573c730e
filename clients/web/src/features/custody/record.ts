/** How custody is told: holds, and what was destroyed by decision. It comes after the meeting and has a line of its own. */
import type { RecordPart } from '../contract'

const LOCK = 'M-4 -1h8v6h-8zM-2.5 -1v-2a2.5 2.5 0 0 1 5 0v2'
const BIN = 'M-5 -4h10M-4 -4l1 9h6l1 -9'
const whoOf = (by: { center_name: string; name: string }): string => `${by.center_name} ${by.name}`

export default {
  lane: { name: 'custody', place: 97, says: 'custody.lane' },
  entries: {
    'hold.placed': { sentence: ({ data }) => ({ key: 'custody.sentence.placed', words: { who: whoOf(data.by) }, quote: data.reason }), shape: { d: LOCK, tone: 'accent', solid: true } },
    'hold.lift_asked': { sentence: ({ data }) => ({ key: 'custody.sentence.liftAsked', words: { who: whoOf(data.by) }, quote: data.reason }), shape: { d: LOCK, tone: 'going', solid: false } },
    'hold.lifted': { sentence: ({ data }) => ({ key: 'custody.sentence.lifted', words: { who: whoOf(data.by) }, quote: data.reason }), shape: { d: LOCK, tone: 'quiet', solid: false } },
    'hold.kept': { sentence: ({ data }) => ({ key: 'custody.sentence.kept', words: { who: whoOf(data.by) }, quote: data.reason }), shape: { d: LOCK, tone: 'accent', solid: false } },
    'disposal.destroyed': {
      sentence: ({ data }) => ({ key: 'custody.sentence.destroyed', words: { number: data.number, count: data.items.length, approved: whoOf(data.approved_by) }, quote: '' }),
      shape: { d: BIN, tone: 'late', solid: false },
    },
    'disposal.spared': {
      sentence: ({ data }) => ({ key: `custody.sentence.spared.${data.reason}`, words: { number: data.number }, quote: '' }),
      shape: { d: BIN, tone: 'quiet', solid: false },
    },
  },
} satisfies RecordPart
