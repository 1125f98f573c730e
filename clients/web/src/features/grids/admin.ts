/** Grids in 管理: lists of them, with accounts for the people they name, are the system administrator's to bring. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'grids', place: 26, says: 'grids.admin', duty: 'system', page: () => import('./GridsSection.vue') }],
} satisfies AdminPart
