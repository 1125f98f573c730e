/** Words of a station about its own reports: fetched when they are first shown, not with its page; English. */
import type { Translated } from '../words'
import type zh from './own.zh'

export default {
  title: 'What I reported',
  none: 'Nothing was reported yet. Press “Something is wrong”, and the desks above see it at once.',
  unknown: 'Reading how far it has come…',
  failed: 'It could not be read how far it has come, trying again.',
  queued: 'No connection: kept, and reported as soon as there is one',
  sending: 'Reporting…',
  filed: 'Reported {time}',
  waits: 'Waiting to be delivered',
  delivered: 'Delivered {time} (on the desk of {who})',
  unseen: 'Waiting for somebody above',
  acknowledged: 'Seen by {who} {time}',
  ordered: 'An order was issued {time}: see orders',
  escalated: 'Seen by nobody, passed up to {to} {time}',
  cleared: 'Over {time}',
  more: 'Earlier ones',
  all: 'All reports of this center',
} satisfies Translated<typeof zh>
