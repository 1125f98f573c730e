/** 比对, in 档案: lists of people that are brought, split to their centers and cleared. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./ListsPage.vue')

export default {
  place: 75,
  path: '/lists',
  within: '/archive',
  says: 'clearing.room',
  icon: 'M5 4h14v16H5zM8 9l1.5 1.5L12 8M8 15l1.5 1.5L12 14M14 9h3M14 15h3',
  roles: ['leader', 'dispatcher', 'clerk'],
  pages: [
    { path: '', name: 'lists', page },
    { path: 'new', name: 'lists-new', page: () => import('./BringPage.vue') },
    { path: ':clearing', name: 'lists-one', page },
  ],
} satisfies RoomPart
