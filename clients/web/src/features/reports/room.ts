/** Reports, in 情况: what centers reported, in meetings and outside of them. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./ReportsPage.vue')

export default {
  place: 31,
  path: '/cases/reports',
  within: '/cases',
  says: 'reports.room',
  icon: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  roles: ['leader', 'dispatcher', 'clerk', 'station', 'audit_admin'],
  pages: [
    { path: '', name: 'cases-reports', page },
    { path: ':report', name: 'cases-report', page },
  ],
} satisfies RoomPart
