/** Words of calling centers that only desks show: the record and groups; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  sentence: {
    calledOne: '{by} called {who}',
    called: '{by} called {count} center ({again} of them again) | {by} called {count} centers ({again} of them again)',
    assembled: 'The center called has arrived, after {time} | All {count} centers called have arrived, after {time}',
    signedIn: '{center} signed in: {who}',
    declined: { handling: '{who} declined: dealing with it', unattended: '{who} declined: nobody on duty', other: '{who} declined: other reasons', later: '{who} declined: later', unable: '{who} declined: cannot come' },
  },
  answering: {
    title: 'Answering calls', back: 'Command', what: 'Whether a call at a station is answered by a person, or by itself after a time. Stations may change it, too.', usual: 'Where nothing else is set: {how}.',
    never: 'Rings until a person answers', after: 'Answers by itself after {count} s', search: 'Find a center: name, pinyin, code', setOnly: 'Only those set otherwise', set: 'Set', of: 'How {name} answers', below: 'Same below', belowOf: '{name}: Same below',
    done: '{name}: {how}', same: 'All below {name} do so already', spread: '{name} and below, {count} centers: {how}', undo: 'Undo', failed: 'Could not be read: {why}', none: 'No center found', noneSet: 'No center is set otherwise',
    ask: 'Set {name} and all below to “{how}”?', askCount: 'This changes {count} centers.', askWhat: 'What was set before is not kept; each can be changed again.', askConfirm: 'Change {count} centers',
  },
  asking: { title: 'Call {count} more centers?', many: '{names} and others, {count} in all', what: 'Their stations ring at once.', confirm: 'Call {count} centers' },
  minutes: {
    title: 'Attendance', failed: 'Attendance could not be read.', again: 'Read again', called: 'Called', came: 'Came', absent: 'Absent', ofThem: '({count} declined)',
    absentList: 'Absent centers', cameList: 'Centers that came', center: 'Center', at: 'Arrived', who: 'Signed in', others: 'Convening side:',
    declined: 'Declined: {reason} · {who} · {time}', silent: 'Did not come', silentTimes: 'Did not come, called {count} times', xlsx: 'Attendance (Excel)', csv: 'Attendance (CSV)',
  },
  board: {
    title: 'Arrivals', open: 'Arrival board', hint: 'Opens the arrival board in large type on a page of its own, for the big screen', reading: 'Reading the meeting…', gone: 'This meeting cannot be seen: ',
    arrived: 'arrived', called: 'called', notYet: 'not yet', people: '{count} person present | {count} people present', since: 'since the call', full: 'All arrived, after', ended: 'The meeting has ended',
    county: '{name}: {arrived} of {called} arrived', all: 'all here', more: '{count} more', late: 'Late', lateHint: 'Arrived more than a minute after they were called', nobodyLate: 'Nobody was late', lateBy: '{time} after the call',
    screen: 'Full screen', light: 'Light', dark: 'Dark',
  },
  groups: {
    title: 'Groups', none: 'Choose centers and keep them as a group: one key chooses them again.', reading: 'Reading…', failed: 'The groups could not be read: {why}',
    save: 'Keep the {count} chosen', name: 'Name', own: 'Mine', center: 'My center’s', scope: 'Whose it is', keep: 'Keep', replace: 'Replace the one of that name', saving: 'Keeping…', cancel: 'Cancel',
    use: 'Choose {name}', drop: 'Remove the group {name}', dropped: 'Removed “{name}”', undo: 'Undo',
    old: '{count} group of before is kept in this browser | {count} groups of before are kept in this browser', take: 'Keep them as mine', later: 'Do not ask again', level: { city: 'the city', county: 'all counties', township: 'all townships', village: 'all villages' },
  },
  command: { 'meeting.call': 'calling', 'group.save': 'keeping a group', 'group.remove': 'removing a group' },
  entry: {
    'meeting.called': 'Called', 'meeting.declined': 'Declined', 'meeting.assembled': 'All arrived', 'meeting.signed_in': 'Signed in',
    'group.saved': 'Group kept', 'group.removed': 'Group removed', 'answering.changed': 'Answering by itself',
  },
} satisfies Translated<typeof zh>
