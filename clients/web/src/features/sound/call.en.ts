/** Words of the sound of a meeting that only desks show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  tab: 'Sound',
  does: { open: 'Open the sound', apart: 'A word apart with the selected center; again: back', listen: 'Listen in to the selected one; again: stop' },
  state: {
    muted: 'Muted by the chair', mutedFast: 'Muted by the chair · may not unmute', speakerOff: 'Speaker off', apart: 'Apart', listened: 'Listened to', listens: 'Listening in', talking: 'Talking', off: 'Muted by themselves',
  },
  how: {
    title: 'How one speaks', mode: 'Speaking', open: 'Freely', talk: 'Push to talk', atOnce: 'At the same time', people: '{count}',
    talkHelp: 'Who holds the key is heard; a higher level interrupts a lower one, the chair everybody; 60 seconds at most.',
    openHelp: 'Everybody is heard who is not muted.', selfUnmute: 'Who is muted may unmute himself', selfUnmuteHelp: 'Otherwise he can only ask for the floor', joinsMuted: 'Newcomers are muted',
  },
  mute: { title: 'Muting', all: 'Mute all', but: 'Mute all but {who}', none: 'Unmute all', one: 'Mute {who}', oneOff: 'Let {who} speak' },
  speaker: {
    title: 'Loudspeakers', help: 'A center whose loudspeaker is off hears nothing of the meeting.', off: 'Speaker of {who} off', on: 'Speaker of {who} on', ticked: 'Turn {count} ticked off', but: 'All off but {who}', all: 'All off', open: 'All on', sum: '{count} off',
  },
  talk: { title: 'Talking now', nobody: 'Nobody holds the key', cut: 'Cut off', left: '{time} left' },
  apart: {
    title: 'A word apart', help: 'With one center alone: both leave the sound of the meeting, the others do not hear it and are told; it is recorded as usual.', with: 'A word with {who} apart', back: 'Back to the meeting', insert: 'Break in', leave: 'Go out again', release: 'End by force',
    between: '{by} and {who}', forced: '{who} broke in', none: 'Nobody is apart',
  },
  listen: { title: 'Listening in', help: 'Hear one alone, muted or not; he is told by a word and a tone, and it is recorded.', begin: 'Listen in to {who}', end: 'Stop listening', who: '{by} listens in to {who}', none: 'Nobody listens in' },
  nobody: 'First select somebody in a picture, the people or the tree',
  people: { title: 'States of sound', none: 'Nothing special', more: '{count} more' },
  spoken: { talk: '{who} talks', listen: '{who} listens in to you' },
  lane: 'Sound',
  sentence: {
    changed_open: '{by}: one speaks freely; unmuting oneself {self}; newcomers muted {join}', changed_talk: '{by}: push to talk, {count} at a time; unmuting oneself {self}; newcomers muted {join}',
    speakerClosed: '{by} turned {count} loudspeakers off: {who}', speakerOpened: '{by} turned {count} loudspeakers on: {who}',
    talkBegun: '{who} talks', talkCut: '{by} cut {who} off', talkEnded: { released: '{who} let the key go', interrupted: '{who} was interrupted by a higher level', time: 'The time of {who} was up', muted: '{who} was muted', roll_call: 'A roll call began, {who} talks no more', mode: 'One speaks freely again, {who} let go', apart: '{who} was taken apart', left: '{who} left' },
    apartBegun: '{by} has a word with {who} apart', apartJoined: '{who} is in the word apart, too', apartForced: '{who} broke into the word apart', apartLeft: '{who} went out of the word apart',
    apartEnded: { back: '{by} ended the word apart', forced: '{by} ended the word apart by force', roll_call: 'A roll call began, the word apart is over', left: 'One side left, the word apart is over' },
    listenBegun: '{by} listens in to {who}', listenEnded: '{by} listens in to {who} no more',
  },
  entry: {
    'sound.changed': 'How one speaks', 'speaker.closed': 'Speakers off', 'speaker.opened': 'Speakers on', 'talk.begun': 'Talks', 'talk.ended': 'Talks no more', 'talk.cut_off': 'Cut off',
    'apart.begun': 'Word apart', 'apart.joined': 'In the word apart', 'apart.left': 'Out of the word apart', 'apart.ended': 'Word apart over', 'listen.begun': 'Listens in', 'listen.ended': 'Listens no more',
  },
  command: {
    'sound.set': 'changing how one speaks', 'sound.unmute_self': 'unmuting oneself', 'speaker.close': 'turning loudspeakers off', 'speaker.open': 'turning loudspeakers on', 'talk.press': 'talking', 'talk.release': 'letting the key go', 'talk.cut': 'cutting somebody off',
    'apart.begin': 'a word apart', 'apart.end': 'ending a word apart', 'apart.insert': 'breaking in', 'apart.leave': 'going out again', 'apart.release': 'ending a word apart by force', 'listen.begin': 'listening in', 'listen.end': 'listening in no more',
  },
} satisfies Translated<typeof zh>
