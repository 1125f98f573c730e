/** 纪要: those of all meetings, one to be written, read and approved, and the sheet to be printed. */
import type { RoomPart } from '../rooms.contract'

export default {
  place: 72,
  path: '/minutes',
  within: '/archive',
  says: 'minutes.room',
  icon: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7',
  roles: ['leader', 'dispatcher', 'clerk', 'audit_admin'],
  pages: [
    { path: '', name: 'minutes', page: () => import('./ListPage.vue') },
    { path: ':meeting', name: 'minutes-one', page: () => import('./MinutesPage.vue') },
    { path: ':meeting/print/:which', name: 'minutes-print', page: () => import('./PrintPage.vue'), bare: true },
  ],
} satisfies RoomPart
