/** Words of calling centers: into a running meeting, again, declining, arriving, signing in, groups; English. What desks alone show stands in `desk.en.ts`. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  reason: { handling: 'dealing with it', later: 'later', unable: 'cannot come' },
  sentence: {
    calledOne: '{by} called {who}', called: '{by} called {count} centers ({again} of them again)', assembled: 'All {count} centers called have arrived, after {time}', signedIn: '{center} signed in: {who}',
    declined: { handling: '{who} declined: dealing with it', later: '{who} declined: later', unable: '{who} declined: cannot come' },
  },
  command: {
    'meeting.call': 'calling', 'meeting.decline': 'declining', 'meeting.sign_in': 'signing in', 'group.save': 'saving a group',
    'group.remove': 'removing a group', 'answering.change': 'setting how calls are answered',
  },
  entry: {
    'meeting.called': 'Called', 'meeting.declined': 'Declined', 'meeting.assembled': 'All arrived', 'meeting.signed_in': 'Signed in',
    'group.saved': 'Group saved', 'group.removed': 'Group removed', 'answering.changed': 'Answering by itself',
  },
} satisfies Translated<typeof zh>
