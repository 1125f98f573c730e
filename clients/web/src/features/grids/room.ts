/** 网格 in 巡查: the grids of all villages in sight as a list, one of them whole. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./GridsPage.vue')

export default {
  place: 63,
  path: '/patrol/grids',
  within: '/patrol',
  says: 'grids.room',
  icon: 'M4 4h16v16H4zM4 12h16M12 4v16',
  roles: ['leader', 'dispatcher', 'station', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'patrol-grids', page },
    { path: ':grid', name: 'patrol-grids-one', page },
  ],
} satisfies RoomPart
