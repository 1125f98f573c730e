/** How a decision is told. */
import type { RecordPart } from '../contract'

export default {
  lane: { name: 'decisions', place: 50, says: 'decisions.lane' },
  entries: {
    'decision.recorded': {
      sentence: ({ data }) => ({
        key: 'decisions.sentence.recorded',
        words: { who: `${data.by.center_name} ${data.by.name}` },
        quote: data.text,
      }),
      shape: { d: 'M-5 -5h10v10h-10z', tone: 'accent', solid: true },
    },
  },
} satisfies RecordPart
