/** How it is told that a meeting begins and ends, and who comes and goes. */
import { CIRCLE } from '@/parts/shapes'

import type { RecordPart } from '../contract'

export default {
  lane: { name: 'presence', place: 10, says: 'meeting.lane' },
  entries: {
    'meeting.opened': {
      sentence: ({ data }, told) => ({
        key: 'meeting.sentence.opened',
        words: { who: told.person(data.chair.id), count: data.centers.length },
        quote: data.title,
      }),
      shape: { d: 'M-4 -5v10L5 0z', tone: 'quiet', solid: true },
    },
    'meeting.joined': {
      sentence: ({ data }, told) => ({ key: 'meeting.sentence.joined', words: { who: told.person(data.participant.id) }, quote: '' }),
      shape: { d: CIRCLE, tone: 'good', solid: true },
    },
    'meeting.left': {
      sentence: ({ data }, told) => ({ key: 'meeting.sentence.left', words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: CIRCLE, tone: 'quiet', solid: false },
    },
    'meeting.ended': {
      sentence: ({ actor }, told) => ({ key: 'meeting.sentence.ended', words: { who: told.person(actor.account) }, quote: '' }),
      shape: { d: 'M-4 -4h8v8h-8z', tone: 'quiet', solid: true },
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'meeting.joined') learner.person(entry.data.participant)
  },
  know(learner, meeting) {
    learner.person(meeting.chair)
    for (const participant of meeting.participants) learner.person(participant)
  },
} satisfies RecordPart
