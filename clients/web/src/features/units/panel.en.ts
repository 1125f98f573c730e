/** Words of the strip and the sheet of units; they come with them. English. */
import type { Translated } from '../words'
import type zh from './panel.zh'

export default {
  label: 'Joined meetings',
  strip: {
    joined: 'In a {level} meeting', of: '{center} · {title}', speaks: 'The chair speaks for this meeting', recorded: 'The meeting above is recorded: the chair as seen and heard there, too', called: 'The roll call above calls this meeting: its chair answers, and is the one who is heard there', normal: 'All normal', muted: 'Muted by the meeting above: it does not hear this one, this one hears it', rests: 'The meeting above is paused',
    invited: '{center} invites this meeting to join “{title}”', invitedBy: '{by} invited, {time}; the chair then speaks for this meeting, and all see and hear the one above', asked: 'Asked to join “{title}”, waiting for the chair of {center}',
    asks: 'The meeting of {center}, “{title}”, asks to join', asksBy: '{by} asked, {time}; its chair then speaks for it', more: '{count} more', units: '{count} meetings below', present: '{center}: {present}',
    accept: 'Join', admit: 'Agree', refuse: 'Do not join', deny: 'Do not agree', withdraw: 'Take back', leave: 'Leave it', show: 'Show',
  },
  level: { city: 'city', county: 'county', township: 'township', village: 'village' },
  sheet: {
    title: 'Joined meetings', help: 'A meeting below joins as a whole: above, its chair sits and speaks for it; below, all see what is broadcast above and hear who speaks there. Mute, broadcast and roll call of its chair are of the whole meeting; pauses and banners for all come down. When one of them ends, the other goes on. What is seen and heard above of the chair below is in the recording of the meeting above, too.',
    above: 'Meeting above', below: 'Meetings below', noneAbove: 'There is no meeting above to join. It has to call this center, or to invite this meeting, first.', noneBelow: 'No meeting runs below now.', reading: 'Reading…', failed: 'The meetings were not read: {why}', again: 'Try again', close: 'Close', asOf: 'as of {time}',
    ask: 'Ask to join', askOf: 'Ask to join {center} {title}', invite: 'Invite', inviteOf: 'Invite {center} {title}', withdraw: 'Take back', part: 'Part…', partOf: 'Part from {center} {title}', leave: 'Leave it…', accept: 'Join', admit: 'Agree', deny: 'Do not agree', refuse: 'Do not join',
    chair: 'Chair {who}', joined: '{count} there', present: '{present} there, {called} centers called · {time}', here: 'Its chair is in this meeting himself, and has to leave first', mineHere: 'You are in that meeting yourself, and have to leave first', other: 'This meeting has one above; leave that first',
    state: { invited: 'Invited, no answer yet', asked: 'Asks to join', joined: 'Joined', mineInvited: 'Invites this meeting', mineAsked: 'Asked, no answer yet', mineJoined: 'Joined' },
    full: '{count} meetings below have joined; no more can',
  },
  part: { title: 'Part from the meeting of {center}?', leaveTitle: 'Leave the meeting of {center}?', one: 'From this moment neither sees or hears the other', two: 'Both meetings go on, each with its own chair', three: 'To join again, one has to invite or ask, and the other to agree', confirm: 'Part', leave: 'Leave', keep: 'Stay joined', stay: 'Stay' },
} satisfies Translated<typeof zh>
