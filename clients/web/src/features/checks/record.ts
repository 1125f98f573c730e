/** Checks run before a meeting: none of its entries stands in a meeting's record. */
import type { RecordPart } from '../contract'

const OUTSIDE = { untold: 'checks run outside of meetings; their board shows them' }

export default {
  entries: { 'check.started': OUTSIDE, 'check.reported': OUTSIDE, 'check.ended': OUTSIDE },
} satisfies RecordPart
