/** How it is told that a grid member's phone is called into a meeting, comes and goes, and whose case is shown from it. */
import { CIRCLE } from '@/parts/shapes'

import type { RecordPart, Sentence, Shape, Told } from '../contract'

interface Of {
  readonly actor: { readonly account: string }
  readonly data: { readonly participant: string }
}
const sentence =
  (word: string) =>
  ({ actor, data }: Of, told: Told): Sentence => ({ key: `phonesHere.sentence.${word}`, words: { by: told.person(actor.account), who: told.person(data.participant) }, quote: '' })
const shape = (solid: boolean): Shape => ({ d: CIRCLE, tone: solid ? 'accent' : 'quiet', solid })

export default {
  entries: {
    'phone.called': {
      sentence: ({ actor, data }, told) => ({ key: 'phonesHere.sentence.called', words: { by: told.person(actor.account), who: `${data.participant.center_name} ${data.participant.name}` }, quote: '' }),
      shape: { d: CIRCLE, tone: 'going', solid: false },
      lane: 'presence',
    },
    'phone.rang': { untold: 'the row of the phone says that it rings' },
    'phone.joined': { sentence: sentence('joined'), shape: shape(true), lane: 'presence' },
    'phone.ended': {
      sentence: ({ data }, told) => ({ key: `phonesHere.sentence.ended.${data.why}`, words: { who: told.person(data.participant) }, quote: '' }),
      shape: { d: CIRCLE, tone: 'quiet', solid: false },
      lane: 'presence',
    },
    'case.shown': { sentence: sentence('shown'), shape: shape(true), lane: 'presence' },
    'case.hidden': { sentence: sentence('hidden'), shape: shape(false), lane: 'presence' },
    'case.looked': { sentence: sentence('looked'), shape: shape(false), lane: 'presence' },
  },
  learn(learner, entry) {
    if (entry.kind === 'phone.called') learner.person(entry.data.participant)
  },
} satisfies RecordPart
