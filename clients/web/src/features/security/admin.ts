/** Security: what the security administrator has in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [
    { name: 'guard', place: 10, says: 'security.guard.title', duty: 'security', page: () => import('./GuardSection.vue') },
    { name: 'approvals', place: 20, says: 'security.approvals.title', duty: 'security', page: () => import('./ApprovalsSection.vue') },
    { name: 'policies', place: 30, says: 'security.policies.title', duty: 'security', page: () => import('./PoliciesSection.vue') },
  ],
} satisfies AdminPart
