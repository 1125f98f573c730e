/** Duty belongs to no meeting: a center's log tells it. */
import type { RecordPart } from '../contract'

const OUTSIDE = { untold: 'duty belongs to no meeting; the log of its center tells it' }

export default {
  entries: {
    'duty.planned': OUTSIDE, 'duty.plan_over': OUTSIDE, 'duty.taken': OUTSIDE, 'duty.handed': OUTSIDE, 'duty.relieved': OUTSIDE, 'duty.missed': OUTSIDE,
  },
} satisfies RecordPart
