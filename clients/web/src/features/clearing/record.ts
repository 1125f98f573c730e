/** Lists of people stand outside of meetings: their boards tell what came of them. */
import type { RecordPart } from '../contract'

const OUTSIDE = { untold: 'lists belong to no meeting; their own board tells what came of them' }

export default {
  entries: {
    'clearing.loaded': OUTSIDE, 'clearing.issued': OUTSIDE, 'clearing.taken': OUTSIDE,
    'clearing.reported': OUTSIDE, 'clearing.unmasked': OUTSIDE, 'clearing.deleted': OUTSIDE, 'clearing.assigned': OUTSIDE,
  },
} satisfies RecordPart
