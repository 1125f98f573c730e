/** The second copy: what the system administrator has of it in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'copies', place: 65, says: 'copies.title', duty: 'system', page: () => import('./CopiesSection.vue') }],
} satisfies AdminPart
