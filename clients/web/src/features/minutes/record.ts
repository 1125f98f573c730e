/** How minutes are told: submitted, returned, taken back, approved. They come after the meeting and have a line of their own. */
import type { RecordPart } from '../contract'

const PAGE = 'M-4 -6h6l2 2v10h-8z'
const whoOf = (by: { center_name: string; name: string }): string => `${by.center_name} ${by.name}`

export default {
  lane: { name: 'minutes', place: 95, says: 'minutes.lane' },
  entries: {
    'minutes.submitted': {
      sentence: ({ data }) => ({ key: data.version > 1 ? 'minutes.sentence.again' : 'minutes.sentence.submitted', words: { who: whoOf(data.by), version: data.version }, quote: data.why }),
      shape: { d: PAGE, tone: 'going', solid: false },
    },
    'minutes.returned': {
      sentence: ({ data }) => ({ key: 'minutes.sentence.returned', words: { who: whoOf(data.by) }, quote: data.reason }),
      shape: { d: PAGE, tone: 'warn', solid: false },
    },
    'minutes.withdrawn': {
      sentence: ({ data }) => ({ key: 'minutes.sentence.withdrawn', words: { who: whoOf(data.by) }, quote: '' }),
      shape: { d: PAGE, tone: 'quiet', solid: false },
    },
    'minutes.approved': {
      sentence: ({ data }) => ({ key: 'minutes.sentence.approved', words: { who: whoOf(data.by), number: data.number, version: data.version }, quote: data.why }),
      shape: { d: PAGE, tone: 'good', solid: true },
    },
  },
} satisfies RecordPart
