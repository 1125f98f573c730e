/** How long what meetings leave is kept: what the system administrator has of it in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'retention', place: 80, says: 'custody.retention.title', duty: 'system', page: () => import('./RetentionSection.vue') }],
} satisfies AdminPart
