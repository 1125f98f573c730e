/** Patrols in the record of a meeting: they stand outside of meetings, and have a record of their own. */
import type { RecordPart } from '../contract'

const untold = { untold: 'outside of meetings: the page of its round tells it' }

export default {
  entries: {
    'patrol.kept': untold,
    'patrol.withdrawn': untold,
    'patrol.timed': untold,
    'patrol.untimed': untold,
    'patrol.opened': untold,
    'patrol.taken': untold,
    'patrol.interrupted': untold,
    'patrol.seen': untold,
    'patrol.checked': untold,
    'patrol.fell_due': untold,
    'patrol.ended': untold,
  },
} satisfies RecordPart
