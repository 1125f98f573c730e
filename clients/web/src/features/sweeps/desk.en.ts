/** Words of sweeps that stand in the frame; what their pages show is fetched with them; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Sweeps',
  command: { 'sweep.close': 'Close a sweep', 'visit.record': 'Record a visit', 'visit.correct': 'Correct a visit', 'visit.settle': 'Settle visits' },
} satisfies Translated<typeof zh>
