/** Words of backup that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  command: { 'backup.make': 'backup', 'backup.verify': 'verification of a backup' },
} satisfies Translated<typeof zh>
