/** Words of checks before a meeting; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  command: { 'check.start': 'Check before the meeting', 'check.report': 'Answer a check', 'check.cancel': 'Stop the check' },
  entry: { 'check.started': 'Check started', 'check.reported': 'Check answered', 'check.ended': 'Check ended' },
} satisfies Translated<typeof zh>
