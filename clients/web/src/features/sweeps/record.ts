/** Sweeps and visits in the record of a meeting: they stand outside of meetings, and have boards of their own. */
import type { RecordPart } from '../contract'

const untold = { untold: 'outside of meetings: the board of its sweep tells it' }

export default {
  entries: {
    'sweep.opened': untold,
    'sweep.moved': untold,
    'sweep.folded': untold,
    'sweep.fell_due': untold,
    'sweep.closed': untold,
    'sweep.ended': untold,
    'sweep.forgotten': untold,
    'visit.recorded': untold,
    'visit.corrected': untold,
    'visit.settled': untold,
    'errand.asked': untold,
    'errand.taken': untold,
    'errand.handed': untold,
    'errand.finished': untold,
    'errand.dropped': untold,
    'errand.rated': untold,
    'errand.closed': untold,
    'errand.moved': untold,
    'gridtask.given': untold,
    'gridtask.signed': untold,
    'gridtask.reported': untold,
    'gridtask.withdrawn': untold,
    'gridtask.ended': untold,
    'gridtask.moved': untold,
  },
} satisfies RecordPart
