/** 代办, in 巡查: what households asked for, as a list, one of them whole. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./ErrandsPage.vue')

export default {
  place: 65,
  path: '/patrol/errands',
  within: '/patrol',
  says: 'errands.room',
  icon: 'M5 8h14l-1 12H6zM9 8V6a3 3 0 0 1 6 0v2M9 13l2 2 4-4',
  roles: ['leader', 'dispatcher', 'station', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'patrol-errands', page },
    { path: ':errand', name: 'patrol-errand', page },
  ],
} satisfies RoomPart
