/** How an order's life is told: issued, signed, told of, completed; one line joins what is about the same order. */
import { CIRCLE, DIAMOND, HALF, TRIANGLE } from '@/parts/shapes'

import type { RecordPart } from '../contract'

/** So many targets are named; where there are more, the message says how many. */
const NAMED = 3

export default {
  lane: { name: 'orders', place: 40, says: 'orders.lane' },
  entries: {
    'order.issued': {
      // not who wrote it: a plan's orders are written by the hub
      sentence: ({ data }, told) => {
        const names = data.targets.map((target) => target.name)
        return {
          key: `orders.sentence.issued_${data.priority}${names.length > NAMED ? '_many' : ''}`,
          words: { who: told.person(data.issuer.account), targets: names.slice(0, NAMED).join('、'), count: names.length },
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
    'order.accepted': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.accepted', words: { who: data.by.name, order: told.words(data.order), count: data.centers.length }, quote: '' }),
      shape: { d: CIRCLE, tone: 'good', solid: true },
      subject: ({ data }) => data.order,
    },
    'order.returned': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.returned', words: { who: data.by.name, target: data.name, order: told.words(data.order) }, quote: data.reason }),
      shape: { d: TRIANGLE, tone: 'warn', solid: false },
      subject: ({ data }) => data.order,
    },
    'order.urged': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.urged', words: { who: data.by.name, order: told.words(data.order), count: data.centers.length }, quote: data.text }),
      shape: { d: TRIANGLE, tone: 'warn', solid: true },
      subject: ({ data }) => data.order,
    },
    'order.supervised': {
      sentence: ({ data }, told) => ({ key: data.on ? 'orders.sentence.supervised' : 'orders.sentence.unsupervised', words: { who: data.by.name, order: told.words(data.order) }, quote: '' }),
      shape: { d: DIAMOND, tone: 'warn', solid: true },
      subject: ({ data }) => data.order,
    },
    'order.escalated': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.escalated', words: { order: told.words(data.order), late: data.late, count: data.of, target: data.name }, quote: '' }),
      shape: { d: TRIANGLE, tone: 'late', solid: true },
      subject: ({ data }) => data.order,
    },
    'order.withdrawn': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.withdrawn', words: { who: data.by.name, order: told.words(data.order) }, quote: data.reason }),
      shape: { d: CIRCLE, tone: 'quiet', solid: false },
      subject: ({ data }) => data.order,
    },
    'order.corrected': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.corrected', words: { who: data.by.name, order: told.words(data.order) }, quote: data.text }),
      shape: { d: CIRCLE, inner: HALF, tone: 'warn', solid: false },
      subject: ({ data }) => data.order,
    },
    'extension.asked': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.asked', words: { who: data.name, order: told.words(data.order) }, quote: data.reason }),
      shape: { d: DIAMOND, tone: 'going', solid: false },
      subject: ({ data }) => data.order,
    },
    'extension.granted': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.granted', words: { who: data.by.name, target: data.name, order: told.words(data.order) }, quote: '' }),
      shape: { d: DIAMOND, tone: 'good', solid: true },
      subject: ({ data }) => data.order,
    },
    'extension.refused': {
      sentence: ({ data }, told) => ({ key: 'orders.sentence.refused', words: { who: data.by.name, target: data.name, order: told.words(data.order) }, quote: data.reason }),
      shape: { d: DIAMOND, tone: 'warn', solid: false },
      subject: ({ data }) => data.order,
    },
    'order.delivered': { untold: 'that a page shows it is seen on its card; a signature is what counts' },
    'wording.saved': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'wording.removed': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'numbering.changed': { untold: 'a setting of a center, of no meeting' },
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
