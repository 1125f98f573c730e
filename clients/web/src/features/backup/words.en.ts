/** Words of backups; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  command: { 'backup.make': 'backup', 'backup.verify': 'verification of a backup' },
} satisfies Translated<typeof zh>
