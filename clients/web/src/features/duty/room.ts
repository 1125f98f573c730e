/** 值守: who is on duty at one's center and below, rosters, notes of handing over, and the log of a day. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./DutyPage.vue')

export default {
  place: 80,
  path: '/duty',
  says: 'duty.room',
  icon: 'M12 3a9 9 0 1 0 .01 0zM12 7v5l4 2',
  roles: ['leader', 'dispatcher', 'clerk'],
  pages: [
    { path: '', name: 'duty', page },
    { path: ':center', name: 'duty-center', page },
  ],
} satisfies RoomPart
