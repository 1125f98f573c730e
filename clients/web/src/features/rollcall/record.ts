/** How a roll call is told: that it began, who was called, who answered what, how it ended. */
import type { RecordPart } from '../contract'

const LIST = 'M-5 -4h2M-5 0h2M-5 4h2M-1 -4h6M-1 0h6M-1 4h6'
const TICK = 'M-5 0l3 4 7 -8'

export default {
  lane: { name: 'rollcall', place: 26, says: 'rollcall.lane' },
  entries: {
    'roll_call.begun': {
      sentence: ({ actor, data }, told) => ({ key: 'rollcall.sentence.begun', words: { by: told.person(actor.account), count: data.centers.length }, quote: '' }),
      shape: { d: LIST, tone: 'going', solid: false },
      subject: ({ data }) => data.roll,
    },
    'roll_call.called': {
      sentence: ({ data }) => ({ key: 'rollcall.sentence.called', words: { who: data.center_name }, quote: '' }),
      shape: { d: LIST, tone: 'quiet', solid: false },
      subject: ({ data }) => data.roll,
      quiet: true,
    },
    'roll_call.unanswered': {
      sentence: ({ data }) => ({ key: 'rollcall.sentence.unanswered', words: { who: data.center_name }, quote: '' }),
      shape: { d: TICK, tone: 'warn', solid: false },
      subject: ({ data }) => data.roll,
    },
    'roll_call.answered': {
      sentence: ({ actor, data }, told) => ({
        key: `rollcall.sentence.${data.marked ? 'marked' : (data.situation ?? 'normal')}`,
        words: { by: told.person(actor.account), who: data.center_name },
        quote: data.text,
      }),
      shape: ({ data }) => ({ d: TICK, tone: data.situation === 'abnormal' ? 'late' : 'good', solid: false }),
      subject: ({ data }) => data.roll,
    },
    'roll_call.skipped': {
      sentence: ({ actor, data }, told) => ({ key: 'rollcall.sentence.skipped', words: { by: told.person(actor.account), who: data.center_name }, quote: '' }),
      shape: { d: TICK, tone: 'quiet', solid: false },
      subject: ({ data }) => data.roll,
    },
    'roll_call.paused': {
      sentence: ({ data }) => ({ key: `rollcall.sentence.${data.reason === 'meeting' ? 'pausedWith' : 'paused'}`, words: {}, quote: '' }),
      shape: { d: LIST, tone: 'quiet', solid: false },
      subject: ({ data }) => data.roll,
      quiet: true,
    },
    'roll_call.resumed': {
      sentence: () => ({ key: 'rollcall.sentence.resumed', words: {}, quote: '' }),
      shape: { d: LIST, tone: 'quiet', solid: false },
      subject: ({ data }) => data.roll,
      quiet: true,
    },
    'roll_call.finished': {
      sentence: ({ data: { total, answered, abnormal, unanswered } }) => ({ key: 'rollcall.sentence.finished', words: { total, answered, abnormal, unanswered }, quote: '' }),
      shape: { d: LIST, tone: 'good', solid: false },
      subject: ({ data }) => data.roll,
    },
  },
} satisfies RecordPart
