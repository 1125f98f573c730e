/** Words of reviewing that the record shows; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  sentence: {
    added: { point: '{who} marked a point', quote: '{who} marked what was said', task: '{who} marked something to do', doubt: '{who} marked something to check' },
    changed: { point: '{who} changed a mark (point)', quote: '{who} changed a mark (said)', task: '{who} changed a mark (to do)', doubt: '{who} changed a mark (to check)' },
    withdrawn: '{who} took a mark back',
  },
  kind: { point: 'Point', quote: 'Said', task: 'To do', doubt: 'To check' },
  command: { 'mark.add': 'marking', 'mark.change': 'changing a mark', 'mark.withdraw': 'taking a mark back' },
  entry: { 'mark.added': 'Mark', 'mark.changed': 'Mark changed', 'mark.withdrawn': 'Mark taken back' },
} satisfies Translated<typeof zh>
