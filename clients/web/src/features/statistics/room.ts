/** 统计, in 档案: what was held, reported, handled and ordered in a span of days. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 72,
  path: '/statistics',
  within: '/archive',
  says: 'statistics.room',
  icon: 'M4 20V4M4 20h16M8 16v-5M12 16V8M16 16v-7',
  roles: ['leader', 'dispatcher', 'clerk', 'audit_admin'],
  pages: [{ path: '', name: 'statistics', page: () => import('./StatisticsPage.vue') }],
} satisfies RoomPart
