/** 移交, in 档案: meetings packed for the archive office. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 72,
  path: '/handover',
  within: '/archive',
  says: 'handover.room',
  icon: 'M4 8l8-4 8 4v9l-8 4-8-4zM4 8l8 4 8-4M12 12v9',
  roles: ['leader', 'dispatcher', 'clerk'],
  pages: [{ path: '', name: 'handover', page: () => import('./HandoverPage.vue') }],
} satisfies RoomPart
