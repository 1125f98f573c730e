/** Plans in the record: what is kept of them is no meeting's. */
import type { RecordPart } from '../contract'

export default {
  entries: {
    'plan.saved': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
    'plan.removed': { untold: 'it belongs to a center and no meeting; desks list what is kept' },
  },
} satisfies RecordPart
