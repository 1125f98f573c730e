/** Words of audit that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  command: { 'audit.verify': 'verification of the journal' },
} satisfies Translated<typeof zh>
