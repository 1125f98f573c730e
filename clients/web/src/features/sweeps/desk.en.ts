/** Words of sweeps that stand in the frame; what their pages show is fetched with them; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Sweeps',
  command: { 'sweep.close': 'Close a sweep', 'visit.record': 'Record a visit', 'visit.correct': 'Correct a visit', 'visit.settle': 'Settle visits', 'errand.ask': 'Ask for an errand', 'errand.take': 'Take an errand', 'errand.hand': 'Hand an errand on', 'errand.finish': 'Finish an errand', 'errand.drop': 'Drop an errand', 'errand.rate': 'Rate an errand' },
} satisfies Translated<typeof zh>
