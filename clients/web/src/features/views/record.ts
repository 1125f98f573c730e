/** Views in the record of a meeting: they stand outside of meetings. */
import type { RecordPart } from '../contract'

const untold = { untold: 'outside of meetings: the list of views tells it' }

export default {
  entries: { 'view.saved': untold, 'view.removed': untold },
} satisfies RecordPart
