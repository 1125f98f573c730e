/** Backups: what the system administrator has of them in 管理. */
import type { AdminPart } from '../rooms.contract'

export default {
  sections: [{ name: 'backup', place: 60, says: 'backup.title', duty: 'system', page: () => import('./BackupSection.vue') }],
} satisfies AdminPart
