/** Words of convening that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  sentence: {
    calledOne: '{by} called {who}', called: '{by} called {count} centers ({again} of them again)', assembled: 'All {count} centers called have arrived, after {time}', signedIn: '{center} signed in: {who}',
    declined: { handling: '{who} declined: dealing with it', later: '{who} declined: later', unable: '{who} declined: cannot come' },
  },
  entry: {
    'meeting.called': 'Called', 'meeting.declined': 'Declined', 'meeting.assembled': 'All arrived', 'meeting.signed_in': 'Signed in',
    'group.saved': 'Group saved', 'group.removed': 'Group removed', 'answering.changed': 'Answering by itself',
  },
} satisfies Translated<typeof zh>
