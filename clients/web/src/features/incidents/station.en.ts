/** Words of a station's incidents; they come with it. English. */
import type { Translated } from '../words'
import type zh from './station.zh'

export default {
  title: 'Incidents and appeals', kinds: { incident: 'Incident', appeal: 'Appeal' }, states: { routed: 'To be received', registered: 'To be handled', studied: 'To be handled', handling: 'Being handled', completed: 'Reported done, {center} checks it' },
  urgencies: { normal: '', urgent: 'Urgent', critical: 'Critical' }, due: 'due {time}', overdue: 'overdue', from: 'from {center}', returned: 'Given back: {reason}',
  acknowledge: 'Received', acknowledging: 'Saying so…', note: 'What was done', complete: 'Done', noteText: 'What was done, how it looks there', completeText: 'The result', send: 'Tell it', sendComplete: 'Report it done', sending: 'Telling it…', cancel: 'Cancel',
  need: 'Please write a few words', early: 'A photo is still on its way', personal: 'No names, telephone numbers or identity numbers', way: 'See what was asked and done', fold: 'Fold', failed: 'Could not be read; trying again', last: 'Last: {text}', sent: 'Told', needed: '{count} to be received',
} satisfies Translated<typeof zh>
