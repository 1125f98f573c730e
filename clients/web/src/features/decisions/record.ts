/** How a decision is told: drafted, written anew, confirmed, amended, taken back; one line joins what is about the same one. */
import type { RecordPart, Sentence } from '../contract'

const SQUARE = 'M-5 -5h10v10h-10z'

export default {
  lane: { name: 'decisions', place: 50, says: 'decisions.lane' },
  entries: {
    'decision.recorded': {
      sentence: ({ data }, told): Sentence => {
        const who = `${data.by.center_name} ${data.by.name}`
        if (data.state === 'draft') return { key: 'decisions.sentence.drafted', words: { who }, quote: data.text }
        const { amends } = data
        return amends === null || amends === undefined
          ? { key: 'decisions.sentence.recorded', words: { who }, quote: data.text }
          : { key: 'decisions.sentence.amended', words: { who, old: told.words(amends) }, quote: data.text }
      },
      shape: ({ data }) => ({ d: SQUARE, tone: 'accent', solid: data.state !== 'draft' }),
      subject: ({ data }) => data.decision,
    },
    'decision.edited': {
      sentence: ({ data }) => ({ key: 'decisions.sentence.edited', words: {}, quote: data.text }),
      shape: { d: SQUARE, tone: 'quiet', solid: false },
      subject: ({ data }) => data.decision,
    },
    'decision.confirmed': {
      sentence: ({ data }) => ({ key: 'decisions.sentence.confirmed', words: { who: `${data.by.center_name} ${data.by.name}` }, quote: data.text }),
      shape: { d: SQUARE, tone: 'good', solid: true },
      subject: ({ data }) => data.decision,
    },
    'decision.withdrawn': {
      sentence: ({ data }, told) => ({ key: 'decisions.sentence.withdrawn', words: { who: `${data.by.center_name} ${data.by.name}`, old: told.words(data.decision) }, quote: '' }),
      shape: { d: SQUARE, tone: 'quiet', solid: false },
      subject: ({ data }) => data.decision,
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'decision.recorded') learner.words(entry.data.decision, entry.data.text)
  },
  know(learner, meeting) {
    for (const decision of meeting.decisions) learner.words(decision.id, decision.text)
  },
} satisfies RecordPart
