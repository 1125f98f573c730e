/** How a report is told: what is wrong is not to be overlooked. */
import { CIRCLE, TRIANGLE } from '@/parts/shapes'

import type { RecordPart } from '../contract'

export default {
  lane: { name: 'reports', place: 30, says: 'reports.lane' },
  entries: {
    'report.filed': {
      sentence: ({ data }) => ({ key: `reports.sentence.${data.situation}`, words: { who: data.name }, quote: data.text }),
      shape: ({ data }) =>
        data.situation === 'abnormal' ? { d: TRIANGLE, tone: 'late', solid: true } : { d: CIRCLE, tone: 'good', solid: true },
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'report.filed') learner.center(entry.data.center, entry.data.name)
  },
} satisfies RecordPart
