/** How it is told what all saw. */
import type { RecordPart, Sentence } from '../contract'

const SCREEN = 'M-6 -4h12v8h-12z'

export default {
  lane: { name: 'stage', place: 20, says: 'stage.lane' },
  entries: {
    'stage.broadcast': {
      sentence: ({ actor, data }, told): Sentence => {
        const by = told.person(actor.account)
        return data.participant === null
          ? { key: 'stage.sentence.off', words: { by }, quote: '' }
          : { key: 'stage.sentence.on', words: { by, who: told.person(data.participant) }, quote: '' }
      },
      shape: ({ data }) => ({ d: SCREEN, tone: 'going', solid: data.participant !== null }),
    },
  },
} satisfies RecordPart
