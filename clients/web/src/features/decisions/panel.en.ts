/** Words of the panel and the minutes of decisions; they come with them. English. */
import type { Translated } from '../words'
import type zh from './panel.zh'

export default {
  state: { draft: 'Draft, waits for the chair', confirmed: 'Confirmed', withdrawn: 'Taken back' },
  amendedBy: 'amended by a later one: {text}', amends: 'Amends: {text}', amendWhat: 'The new one takes its place, rests on the same and is carried out by the same; the old one says so and stays readable.', amendRecord: 'Record the amendment', amendNothing: 'Write what is decided instead', confirmedBy: 'confirmed by {who} {time}', by: 'by {who}', at: 'See that moment',
  responsible: 'Carried out by', basis: 'Rests on', none: 'nothing', orders: '{count} orders · signed {signed}/{of} · completed {completed}/{of}', noOrders: 'No order follows from it yet',
  text: 'Decision', placeholder: 'The decision; Enter records it', record: 'Record', draft: 'Keep as draft', save: 'Save', sending: 'Sending…', hintChair: 'What you record is decided', hintOther: 'What you record is a draft until the chair confirms it',
  more: 'What it rests on, who carries it out', find: 'Name or pinyin of a center', add: 'Add {name}', drop: 'Without {name}', noBasis: 'There are no reports in this meeting, and no open incidents', report: 'Report', incident: 'Incident', appeal: 'Appeal', alarm: 'Alarm', decision: 'Decision', unknown: 'You may not see it',
  edit: 'Edit', confirm: 'Confirm', withdraw: 'Take back', amend: 'Amend', order: 'Order', cancel: 'Cancel', editing: 'Editing a draft', amending: 'Amending: the old one will say so',
  ask: 'Take this draft back?', askMore: 'It will say that it was taken back; the record stays.', askKeep: 'Keep it', quote: 'Decision: {text}', empty: 'No decisions yet. D begins one, Enter records it.', withdrawnShown: '{count} taken back',
} satisfies Translated<typeof zh>
