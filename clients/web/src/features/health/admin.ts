/** How the hub fares, and what it keeps: what the system administrator has of it in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [
    { name: 'health', place: 50, says: 'health.title', duty: 'system', page: () => import('./HealthSection.vue') },
    { name: 'storage', place: 70, says: 'health.storage.title', duty: 'system', page: () => import('./StorageSection.vue') },
  ],
} satisfies AdminPart
