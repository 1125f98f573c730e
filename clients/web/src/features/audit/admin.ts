/** The audit: what the audit administrator has in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'audit', place: 10, says: 'audit.title', duty: 'audit', page: () => import('./AuditSection.vue') }],
} satisfies AdminPart
