/** How incidents are told in the record of a meeting: what was done about them there. All else stands on their own page. */
import { CIRCLE, DIAMOND, HALF } from '@/parts/shapes'

import type { RecordPart } from '../contract'

const OUTSIDE = { untold: 'it is done outside of meetings; the page of an incident tells it' }
const who = ({ center_name, name }: { center_name: string; name: string }): string => `${center_name} ${name}`

export default {
  lane: { name: 'incidents', place: 36, says: 'incidents.lane' },
  entries: {
    'incident.registered': {
      sentence: ({ data }) => ({ key: `incidents.sentence.registered.${data.kind}`, words: { who: who(data.by), number: data.number, title: data.title }, quote: data.text }),
      shape: { d: DIAMOND, tone: 'accent', solid: false },
      subject: ({ data }) => data.incident,
    },
    'incident.studied': {
      sentence: ({ data }) => ({ key: 'incidents.sentence.studied', words: { who: who(data.by) }, quote: data.text }),
      shape: { d: DIAMOND, tone: 'signed', solid: true },
      subject: ({ data }) => data.incident,
    },
    'incident.routed': {
      sentence: ({ data }) => ({ key: `incidents.sentence.routed.${data.direction}`, words: { who: who(data.by), to: data.to.name }, quote: data.text }),
      shape: { d: CIRCLE, tone: 'going', solid: false },
      subject: ({ data }) => data.incident,
    },
    'incident.noted': {
      sentence: ({ data }) => ({ key: 'incidents.sentence.noted', words: { who: who(data.by) }, quote: data.text }),
      shape: { d: CIRCLE, inner: HALF, tone: 'going', solid: false },
      subject: ({ data }) => data.incident,
    },
    'incident.ordered': { untold: 'the order itself is told' },
    'incident.changed': OUTSIDE, 'incident.acknowledged': OUTSIDE, 'incident.completed': OUTSIDE, 'incident.passed': OUTSIDE, 'incident.returned': OUTSIDE,
    'incident.closed': OUTSIDE, 'incident.reopened': OUTSIDE, 'incident.joined': OUTSIDE, 'incident.separated': OUTSIDE, 'incident.gathered': OUTSIDE,
    'incident.released': OUTSIDE, 'incident.overdue': OUTSIDE,
  },
} satisfies RecordPart
