/** Words of the meeting itself: who comes, who goes, how it begins and ends; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  leave: 'Leave',
  end: {
    key: 'End',
    title: 'End this meeting?',
    who: '{count} people will leave the meeting.',
    stay: 'Stay',
    confirm: 'End the meeting',
    ending: 'Ending…',
    does: 'End the meeting',
  },
  lane: 'Presence',
  sentence: { opened: '{who} convened {count} centers', joined: '{who} joined', left: '{who} left', ended: '{who} ended the meeting' },
  command: {
    'meeting.open': 'convening a meeting',
    'meeting.join': 'joining the meeting',
    'meeting.leave': 'leaving the meeting',
    'meeting.end': 'ending the meeting',
  },
  entry: { 'meeting.opened': 'Meeting convened', 'meeting.joined': 'Arrived', 'meeting.left': 'Left', 'meeting.ended': 'Meeting ended' },
} satisfies Translated<typeof zh>
