/** How a note is told: at the moment it means. */
import type { RecordPart } from '../contract'

export default {
  lane: { name: 'marks', place: 60, says: 'notes.lane' },
  entries: {
    'note.added': {
      sentence: ({ data }) => ({
        key: 'notes.sentence.added',
        words: { who: `${data.by.center_name} ${data.by.name}` },
        quote: data.text,
      }),
      shape: { d: 'M-4 -6h8v11l-4 -3l-4 3z', tone: 'warn', solid: true },
      moment: ({ at, data }) => data.at ?? at,
    },
  },
} satisfies RecordPart
