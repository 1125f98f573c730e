/** 情况: what was reported and what is wrong, over all meetings. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./CasesPage.vue')

export default {
  place: 30,
  path: '/cases',
  says: 'alarms.room',
  icon: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'cases', page },
    { path: ':alarm', name: 'cases-case', page },
  ],
} satisfies RoomPart
