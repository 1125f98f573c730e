/** Words of meeting that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  end: {
    key: 'End',
    title: 'End this meeting?',
    who: 'One person will leave the meeting. | {count} people will leave the meeting.',
    stay: 'Stay',
    confirm: 'End the meeting',
    ending: 'Ending…',
    does: 'End the meeting',
  },
  lane: 'Presence',
  sentence: { opened: '{who} convened {count} center | {who} convened {count} centers', joined: '{who} joined', left: '{who} left', ended: '{who} ended the meeting' },
  entry: { 'meeting.opened': 'Meeting convened', 'meeting.joined': 'Arrived', 'meeting.left': 'Left', 'meeting.ended': 'Meeting ended' },
} satisfies Translated<typeof zh>
