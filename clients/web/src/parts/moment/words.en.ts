/** Words of links to a moment of a meeting, and to what gave rise to something; English. */
import type zh from './words.zh'

export default {
  look: 'See the moment',
  hint: 'opens the archive and plays from this second',
  meeting: '“{title}” {time}',
  counts: 'signed {signed}/{of} · completed {done}/{of}',
  late: '{count} late',
  withdrawn: 'withdrawn',
  noOrders: 'No order follows from it yet',
  hidden: '{count} more that are not yours to see',
  unread: 'The orders cannot be read ({why})',
} satisfies Record<keyof typeof zh, string>
