/** Banner and ticker at the station: at the foot of the picture. */
import type { StationPart } from '../contract'
import { shownLines } from './shownLines'

export default {
  station: (desk) => ({ onStage: [shownLines(desk.room, desk.account.center.code, desk.now)] }),
} satisfies StationPart
