/** Words of calling centers: into a running meeting, again, declining, arriving, signing in, groups; English. What desks alone show stands in `desk.en.ts`. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  reason: { handling: 'dealing with it', later: 'later', unable: 'cannot come' },
  command: {
    'meeting.call': 'calling', 'meeting.decline': 'declining', 'meeting.sign_in': 'signing in', 'group.save': 'saving a group',
    'group.remove': 'removing a group', 'answering.change': 'setting how calls are answered',
  },
} satisfies Translated<typeof zh>
