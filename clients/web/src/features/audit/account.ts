/** On one's account's page: what one did oneself, for administrators. */
import { defineAsyncComponent } from 'vue'

import type { AccountPart } from '../rooms.contract'

export default {
  place: 10,
  roles: ['system_admin', 'security_admin', 'audit_admin'],
  section: defineAsyncComponent(() => import('./OwnTrace.vue')),
} satisfies AccountPart
