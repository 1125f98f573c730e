/** Words of the meeting itself: who comes, who goes, how it begins and ends; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  leave: 'Leave',
  command: {
    'meeting.open': 'convening a meeting',
    'meeting.join': 'joining the meeting',
    'meeting.leave': 'leaving the meeting',
    'meeting.end': 'ending the meeting',
  },
} satisfies Translated<typeof zh>
