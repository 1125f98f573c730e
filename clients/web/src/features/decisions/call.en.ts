/** Words of decisions; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  panel: {
    text: 'Decision',
    placeholder: 'The decision; Enter records it',
    send: 'Record',
    none: 'No decisions yet. D begins one, Enter records it.',
  },
  tab: 'Decided',
  key: 'Decision',
  does: 'Record a decision',
  lane: 'Decisions',
  minutes: { title: 'Decisions', none: 'No decisions were recorded' },
  figure: 'Decisions',
  ending: 'The whole record stays in the journal, with {count} decision. | The whole record stays in the journal, with {count} decisions.',
  sentence: { recorded: '{who} recorded a decision' },
  command: { 'decision.record': 'decision' },
  entry: { 'decision.recorded': 'Decision' },
} satisfies Translated<typeof zh>
