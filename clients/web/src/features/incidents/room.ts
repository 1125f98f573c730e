/** 事件: what happened and what citizens ask for, from intake to the last check. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./IncidentsPage.vue')

export default {
  place: 35,
  path: '/incidents',
  within: '/cases',
  says: 'incidents.room',
  icon: 'M5 4h14v16H5zM9 9h6M9 13h6M9 17h3',
  roles: ['leader', 'dispatcher', 'clerk'],
  pages: [
    { path: '', name: 'incidents', page },
    { path: 'new', name: 'incidents-new', page: () => import('./FormPage.vue') },
    { path: ':incident', name: 'incidents-one', page },
  ],
} satisfies RoomPart
