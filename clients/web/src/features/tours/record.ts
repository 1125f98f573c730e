/** How a tour is told: as a run, that it began, rested, went on and ended; its steps stand aside until they are asked for. */
import type { RecordPart, Sentence } from '../contract'

const ROUND = 'M5 -2a5.5 5.5 0 1 0 0 4M5 -6v4h-4'

export default {
  lane: { name: 'tours', place: 23, says: 'tours.lane' },
  entries: {
    'tour.started': {
      sentence: ({ actor, data }, told) => ({
        key: `tours.sentence.started.${data.kind}`,
        words: { by: told.person(actor.account), count: data.centers.length, seconds: data.seconds },
        quote: '',
      }),
      shape: { d: ROUND, tone: 'going', solid: false },
      subject: ({ data }) => data.tour,
    },
    'tour.stepped': {
      sentence: ({ data }, told): Sentence => {
        const [first] = data.shown
        if (first === undefined) return { key: 'tours.sentence.nobody', words: {}, quote: '' }
        const count = data.shown.length
        return { key: count === 1 ? 'tours.sentence.stepped' : 'tours.sentence.steppedMany', words: { who: told.person(first), count }, quote: '' }
      },
      shape: { d: ROUND, tone: 'quiet', solid: false },
      subject: ({ data }) => data.tour,
      quiet: true,
      ofRun: () => true,
    },
    'tour.stayed': {
      sentence: ({ actor }, told) => ({ key: 'tours.sentence.stayed', words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: ROUND, tone: 'quiet', solid: false },
      subject: ({ data }) => data.tour,
      quiet: true,
    },
    'tour.paced': {
      sentence: ({ actor, data }, told) => ({ key: 'tours.sentence.paced', words: { by: told.person(actor.account), seconds: data.seconds }, quote: '' }),
      shape: { d: ROUND, tone: 'quiet', solid: false },
      subject: ({ data }) => data.tour,
      quiet: true,
    },
    'tour.paused': {
      sentence: ({ actor, data }, told) => ({ key: `tours.sentence.paused.${data.reason}`, words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: ROUND, tone: 'warn', solid: false },
      subject: ({ data }) => data.tour,
    },
    'tour.resumed': {
      sentence: ({ actor, data }, told) => ({ key: `tours.sentence.${(data.until ?? null) === null ? 'resumed' : 'resumedWith'}`, words: { by: told.person(actor.account) }, quote: '' }),
      shape: { d: ROUND, tone: 'going', solid: false },
      subject: ({ data }) => data.tour,
    },
    'tour.stopped': {
      sentence: ({ data: { reason, total, seen, steps } }) => ({ key: `tours.sentence.${reason}`, words: { total, seen, steps }, quote: '' }),
      shape: { d: ROUND, tone: 'good', solid: false },
      subject: ({ data }) => data.tour,
    },
  },
} satisfies RecordPart
