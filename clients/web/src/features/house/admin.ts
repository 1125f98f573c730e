/** The house: what the system administrator has in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [
    { name: 'centers', place: 10, says: 'house.centers.title', duty: 'system', page: () => import('./CentersSection.vue') },
    { name: 'accounts', place: 20, says: 'house.accounts.title', duty: 'system', page: () => import('./AccountsSection.vue') },
    { name: 'use', place: 30, says: 'house.use.title', duty: 'system', page: () => import('./InUseSection.vue') },
  ],
} satisfies AdminPart
