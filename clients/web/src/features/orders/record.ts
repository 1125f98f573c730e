/** How an order's life is told: issued, signed, told of, completed; one line joins what is about the same order. */
import { CIRCLE, DIAMOND, HALF } from '@/parts/shapes'

import type { RecordPart } from '../contract'

/** So many targets are named; where there are more, the message says how many. */
const NAMED = 3

export default {
  lane: { name: 'orders', place: 40, says: 'orders.lane' },
  entries: {
    'order.issued': {
      sentence: ({ actor, data }, told) => {
        const names = data.targets.map((target) => target.name)
        return {
          key: `orders.sentence.issued_${data.priority}${names.length > NAMED ? '_many' : ''}`,
          words: { who: told.person(actor.account), targets: names.slice(0, NAMED).join('、'), count: names.length },
          quote: data.text,
        }
      },
      shape: { d: CIRCLE, tone: 'going', solid: false },
      subject: ({ data }) => data.order,
    },
    'order.signed': {
      sentence: ({ data }, told) => ({
        key: 'orders.sentence.signed',
        words: { who: data.name, person: data.account_name, order: told.words(data.order) },
        quote: '',
      }),
      shape: { d: DIAMOND, tone: 'signed', solid: true },
      subject: ({ data }) => data.order,
    },
    'order.progressed': {
      sentence: ({ data }, told) => {
        const words = { who: data.name, order: told.words(data.order) }
        return data.percent === null
          ? { key: 'orders.sentence.progressed', words, quote: data.text }
          : { key: 'orders.sentence.progressed_percent', words: { ...words, percent: data.percent }, quote: data.text }
      },
      shape: { d: CIRCLE, inner: HALF, tone: 'going', solid: false },
      subject: ({ data }) => data.order,
    },
    'order.completed': {
      sentence: ({ data }, told) => ({
        key: 'orders.sentence.completed',
        words: { who: data.name, order: told.words(data.order) },
        quote: data.text,
      }),
      shape: { d: CIRCLE, tone: 'good', solid: true },
      subject: ({ data }) => data.order,
    },
  },
  learn(learner, entry) {
    if (entry.kind === 'order.issued') learner.words(entry.data.order, entry.data.text)
  },
  know(learner, meeting) {
    for (const order of meeting.orders) {
      learner.words(order.id, order.text)
      for (const target of order.targets) learner.center(target.center, target.name)
    }
  },
} satisfies RecordPart
