/** What the entries of sweeps, visits and errands are called in the audit, which alone shows them; English. */
import type { Translated } from '../words'
import type zh from './house.zh'

export default {
  entry: { 'sweep.opened': 'Sweep opened', 'sweep.moved': 'Households of a sweep moved', 'sweep.folded': 'Progress of a sweep folded', 'sweep.fell_due': 'Sweep fell due', 'sweep.closed': 'Sweep closed', 'sweep.ended': 'Sweep put away', 'sweep.forgotten': 'Answers of a sweep deleted', 'visit.recorded': 'Visit recorded', 'visit.corrected': 'Visit corrected', 'visit.settled': 'Visits settled', 'errand.asked': 'Errand asked for', 'errand.taken': 'Errand taken', 'errand.handed': 'Errand handed to the village', 'errand.finished': 'Errand finished', 'errand.dropped': 'Errand dropped', 'errand.rated': 'Errand rated', 'errand.closed': 'Errand put away', 'errand.moved': 'Errand moved to another grid', 'gridtask.given': 'Order passed on to a grid', 'gridtask.signed': 'Order received in a grid', 'gridtask.reported': 'Order reported on in a grid', 'gridtask.withdrawn': 'Order taken back from a grid', 'gridtask.ended': 'Order in a grid over', 'gridtask.moved': 'Order moved to another grid' },
  command: { 'gridtask.give': 'Pass an order on to grids', 'gridtask.sign': 'Receive an order in a grid', 'gridtask.report': 'Report on an order in a grid', 'gridtask.withdraw': 'Take an order back from a grid' },
} satisfies Translated<typeof zh>
