/** 查找: everything that was written and done, by its words; a page of 档案. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 71,
  path: '/archive/find',
  within: '/archive',
  says: 'finding.room',
  icon: 'M10 4a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5',
  roles: ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin'],
  pages: [{ path: '', name: 'finding', page: () => import('./FindPage.vue') }],
} satisfies RoomPart
