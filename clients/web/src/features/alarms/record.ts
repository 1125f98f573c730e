/** How alarms are told: what was raised, who saw it, when it went up, what came of it. */
import { CIRCLE, TRIANGLE } from '@/parts/shapes'

import type { RecordPart, Shape } from '../contract'

const QUIET: Shape = { d: CIRCLE, tone: 'quiet', solid: false }

export default {
  lane: { name: 'alarms', place: 32, says: 'alarms.lane' },
  entries: {
    'alarm.raised': {
      sentence: ({ data }) => ({
        key: `alarms.sentence.raised.${data.kind}`,
        words: { who: data.name, lost: data.words['lost'] ?? 0, of: data.words['of'] ?? 0, left: data.words['left'] ?? 0, days: data.words['days'] ?? 0 },
        quote: data.text,
      }),
      shape: ({ data }) => ({ d: TRIANGLE, tone: data.severity === 'critical' ? 'late' : 'warn', solid: false }),
      subject: ({ data }) => data.alarm,
    },
    'alarm.delivered': {
      sentence: ({ data }) => ({ key: 'alarms.sentence.delivered', words: { who: `${data.by.center_name} ${data.by.name}` }, quote: '' }),
      shape: QUIET,
      subject: ({ data }) => data.alarm,
      quiet: true,
    },
    'alarm.acknowledged': {
      sentence: ({ data }) => ({
        key: 'alarms.sentence.acknowledged',
        words: { who: `${data.by.center_name} ${data.by.name}` },
        quote: '',
      }),
      shape: { d: CIRCLE, tone: 'signed', solid: true },
      subject: ({ data }) => data.alarm,
    },
    'alarm.ordered': {
      sentence: ({ data }, told) => ({
        key: 'alarms.sentence.ordered',
        words: { who: `${data.by.center_name} ${data.by.name}`, order: told.words(data.order) },
        quote: '',
      }),
      shape: { d: CIRCLE, tone: 'going', solid: true },
      subject: ({ data }) => data.alarm,
    },
    'alarm.escalated': {
      sentence: ({ data }) => ({ key: 'alarms.sentence.escalated', words: { to: data.name }, quote: '' }),
      shape: { d: TRIANGLE, tone: 'late', solid: true },
      subject: ({ data }) => data.alarm,
    },
    'alarm.cleared': {
      sentence: ({ data }) => ({ key: `alarms.sentence.cleared.${data.why}`, words: {}, quote: '' }),
      shape: { d: CIRCLE, tone: 'good', solid: true },
      subject: ({ data }) => data.alarm,
    },
  },
} satisfies RecordPart
