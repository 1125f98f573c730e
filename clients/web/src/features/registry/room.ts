/** 四实 in 巡查: buildings, houses, households and persons of a village or grid, one household whole. */
import type { RoomPart } from '../rooms.contract'

const page = () => import('./RegistryPage.vue')

export default {
  place: 66,
  path: '/patrol/registry',
  within: '/patrol',
  says: 'registry.room',
  icon: 'M4 20V10l8-6 8 6v10zM10 20v-6h4v6',
  roles: ['leader', 'dispatcher'],
  pages: [
    { path: '', name: 'patrol-registry', page },
    { path: ':household', name: 'patrol-registry-one', page },
  ],
} satisfies RoomPart
