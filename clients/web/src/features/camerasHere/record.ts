/** How it is told that a camera is brought before a meeting, and taken out. */
import { CIRCLE } from '@/parts/shapes'

import type { RecordPart } from '../contract'

export default {
  entries: {
    'camera.brought': {
      sentence: ({ actor, data }, told) => ({ key: 'camerasHere.sentence.brought', words: { by: told.person(actor.account), camera: data.participant.name }, quote: '' }),
      shape: { d: CIRCLE, tone: 'accent', solid: true },
      lane: 'presence',
    },
    'camera.parted': {
      sentence: ({ actor, data }, told) => ({ key: 'camerasHere.sentence.parted', words: { by: told.person(actor.account), camera: told.person(data.participant) }, quote: '' }),
      shape: { d: CIRCLE, tone: 'quiet', solid: false },
      lane: 'presence',
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'camera.brought') learner.person({ ...entry.data.participant, center_name: '' })
  },
} satisfies RecordPart
