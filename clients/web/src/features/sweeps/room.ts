/** 排查, in 巡查: sweeps that are open and were, their boards, and opening one. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./SweepsPage.vue')

export default {
  place: 64,
  path: '/patrol/sweeps',
  within: '/patrol',
  says: 'sweeps.room',
  icon: 'M4 20V10l8-6 8 6v10M9 20v-6h6v6M8 10h.1M16 10h.1',
  roles: ['leader', 'dispatcher', 'station', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'patrol-sweeps', page },
    { path: 'new', name: 'patrol-sweep-new', page: () => import('./SweepNew.vue') },
    { path: ':sweep', name: 'patrol-sweep', page },
  ],
} satisfies RoomPart
