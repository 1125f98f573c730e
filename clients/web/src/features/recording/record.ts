/** How a recording is told. Its parts are what the time line is made of: as entries they stand aside. */
import type { RecordPart, Shape } from '../contract'

const PLAIN: Shape = { d: 'M-2 -4h4v8h-4z', tone: 'quiet', solid: true }

export default {
  lane: { name: 'recording', place: 70, says: 'recording.lane', aside: true },
  entries: {
    'recording.started': {
      sentence: ({ actor }, told) => ({ key: 'recording.sentence.started', words: { who: told.person(actor.account) }, quote: '' }),
      shape: PLAIN,
    },
    'recording.stopped': {
      sentence: ({ actor }, told) => ({ key: 'recording.sentence.stopped', words: { who: told.person(actor.account) }, quote: '' }),
      shape: PLAIN,
    },
    'recording.refused': {
      sentence: () => ({ key: 'recording.sentence.refused', words: {}, quote: '' }),
      shape: { ...PLAIN, tone: 'warn' },
    },
    'recording.part_opened': {
      sentence: ({ data }) => ({ key: 'recording.sentence.part_opened', words: { who: data.name }, quote: '' }),
      shape: PLAIN,
      quiet: true,
    },
    'recording.part_closed': {
      sentence: ({ data }) => ({ key: 'recording.sentence.part_closed', words: { seconds: Math.round(data.duration_ms / 1000) }, quote: '' }),
      shape: PLAIN,
      quiet: true,
    },
  },
} satisfies RecordPart
