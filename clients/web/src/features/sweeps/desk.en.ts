/** Words of sweeps that stand in the frame; what their pages show is fetched with them; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Sweeps',
  command: { 'sweep.close': 'Close a sweep', 'visit.record': 'Record a visit', 'visit.correct': 'Correct a visit', 'visit.settle': 'Settle visits', 'errand.ask': 'Ask for an errand', 'errand.take': 'Take an errand', 'errand.hand': 'Hand an errand on', 'errand.finish': 'Finish an errand', 'errand.drop': 'Drop an errand', 'errand.rate': 'Rate an errand' },
  entry: { 'sweep.opened': 'Sweep opened', 'sweep.moved': 'Households of a sweep moved', 'sweep.folded': 'Progress of a sweep folded', 'sweep.fell_due': 'Sweep fell due', 'sweep.closed': 'Sweep closed', 'sweep.ended': 'Sweep put away', 'sweep.forgotten': 'Answers of a sweep deleted', 'visit.recorded': 'Visit recorded', 'visit.corrected': 'Visit corrected', 'visit.settled': 'Visits settled', 'errand.asked': 'Errand asked for', 'errand.taken': 'Errand taken', 'errand.finished': 'Errand finished', 'errand.dropped': 'Errand dropped', 'errand.rated': 'Errand rated', 'errand.closed': 'Errand put away', 'errand.moved': 'Errand moved to another grid' },
} satisfies Translated<typeof zh>
