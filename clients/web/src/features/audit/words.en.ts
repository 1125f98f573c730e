/** Words of the audit; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  command: { 'audit.verify': 'verification of the journal' },
} satisfies Translated<typeof zh>
