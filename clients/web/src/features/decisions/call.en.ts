/** Words of decisions; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  tab: 'Decided',
  key: 'Decision',
  does: 'Record a decision',
  lane: 'Decisions',
  minutes: { title: 'Decisions', none: 'No decisions were recorded' },
  figure: 'Decisions',
  ending: 'The whole record stays in the journal, with {count} decision. | The whole record stays in the journal, with {count} decisions.',
  endingDrafts: 'The whole record stays in the journal; decisions: {count}. Drafts that the chair has not confirmed, and that will not be decided: {drafts}.',
  sentence: { recorded: '{who} recorded a decision', drafted: '{who} drafted a decision', amended: '{who} recorded a decision that amends “{old}”', edited: 'A draft was written anew', confirmed: '{who} confirmed a decision', withdrawn: '{who} took the draft “{old}” back' },
  command: { 'decision.record': 'decision', 'decision.edit': 'change of a draft', 'decision.confirm': 'confirming a decision', 'decision.withdraw': 'taking a draft back' },
  entry: { 'decision.recorded': 'Decision', 'decision.edited': 'Draft changed', 'decision.confirmed': 'Confirmed', 'decision.withdrawn': 'Draft taken back' },
} satisfies Translated<typeof zh>
