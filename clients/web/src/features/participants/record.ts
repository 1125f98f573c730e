/** How it is told what the chair did to somebody. */
import type { RecordPart } from '../contract'

const BAR = 'M-5 -1h10v2h-10z'

export default {
  entries: {
    'participant.muted': {
      lane: 'stage',
      sentence: ({ actor, data }, told) => ({
        key: 'participants.sentence.muted',
        words: { by: told.person(actor.account), who: told.person(data.participant) },
        quote: '',
      }),
      shape: { d: BAR, tone: 'quiet', solid: true },
    },
    'participant.unmuted': {
      lane: 'stage',
      sentence: ({ actor, data }, told) => ({
        key: 'participants.sentence.unmuted',
        words: { by: told.person(actor.account), who: told.person(data.participant) },
        quote: '',
      }),
      shape: { d: BAR, tone: 'quiet', solid: false },
    },
    'participant.all_muted': {
      lane: 'stage',
      sentence: ({ actor }, told) => ({
        key: 'participants.sentence.allMuted',
        words: { by: told.person(actor.account) },
        quote: '',
      }),
      shape: { d: BAR, tone: 'quiet', solid: true },
    },
    'participant.all_unmuted': {
      lane: 'stage',
      sentence: ({ actor }, told) => ({
        key: 'participants.sentence.allUnmuted',
        words: { by: told.person(actor.account) },
        quote: '',
      }),
      shape: { d: BAR, tone: 'quiet', solid: false },
    },
    'participant.removed': {
      lane: 'presence',
      sentence: ({ actor, data }, told) => ({
        key: 'participants.sentence.removed',
        words: { by: told.person(actor.account), who: told.person(data.participant) },
        quote: data.reason,
      }),
      shape: { d: 'M-4 -4L4 4M4 -4L-4 4', tone: 'quiet', solid: false },
    },
  },
} satisfies RecordPart
