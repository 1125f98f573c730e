/** How it is told whom a meeting calls later, who declines, that all have come, and who is present. */
import { durationText } from '@/parts/now'
import { CIRCLE } from '@/parts/shapes'

import type { RecordPart } from '../contract'

const BELL = 'M-5 4h10M-4 4v-4a4 4 0 018 0v4'

export default {
  entries: {
    'meeting.called': {
      lane: 'presence',
      sentence: ({ actor, data }, told) => {
        const all = [...data.centers, ...data.again]
        return {
          key: all.length === 1 ? 'convening.sentence.calledOne' : 'convening.sentence.called',
          words: { by: told.person(actor.account), who: told.center(all[0] ?? ''), count: all.length, again: data.again.length },
          quote: '',
        }
      },
      shape: { d: BELL, tone: 'quiet', solid: false },
    },
    'meeting.declined': {
      lane: 'presence',
      sentence: ({ data }) => ({
        key: `convening.sentence.declined.${data.reason}`,
        words: { who: `${data.by.center_name} ${data.by.name}` },
        quote: '',
      }),
      shape: { d: 'M-4 -4L4 4M4 -4L-4 4', tone: 'warn', solid: false },
    },
    'meeting.assembled': {
      lane: 'presence',
      sentence: ({ data }) => ({
        key: 'convening.sentence.assembled',
        words: { count: data.centers, time: durationText(data.seconds * 1000) },
        quote: '',
      }),
      shape: { d: CIRCLE, inner: 'M-2.5 0l2 2 3-4', tone: 'good', solid: false },
    },
    'meeting.signed_in': {
      lane: 'presence',
      sentence: ({ data }, told) => ({
        key: 'convening.sentence.signedIn',
        words: { center: told.center(data.center), who: [data.duty, data.name].filter((word) => word !== '').join(' ') },
        quote: '',
      }),
      shape: { d: CIRCLE, tone: 'signed', solid: false },
    },
    'group.saved': { untold: 'a group belongs to no meeting' },
    'group.removed': { untold: 'a group belongs to no meeting' },
    'answering.changed': { untold: 'a setting of a center, of no meeting' },
  },
  learn(learner, entry) {
    if (entry.kind === 'meeting.declined') learner.center(entry.data.center, entry.data.by.center_name)
  },
} satisfies RecordPart
