/** Words of the station's rows; they come with them. English. */
import type { Translated } from '../words'
import type zh from './station.zh'

export default {
  closed: 'The list “{title}” was closed early: nothing is to be checked any more.', read: 'Read',
  key: 'Rows to check', left: '{count} left', clear: 'All checked', queued: '{count} not reported yet', offline: 'Off line: results are kept here and sent when the line is back',
  close: 'Close', lists: 'Lists', due: 'due {at}', note: 'Task', failed: 'It cannot be read ({why}); it will be read again.', reading: 'Reading…', none: 'No rows to check now.',
  gone: 'Personal data is deleted at {at}. Look only while you check; take no pictures.',
  filter: { left: 'Left', done: 'Checked', all: 'All' }, nothing: { left: 'All rows are checked.', done: 'No results yet.', all: 'No rows.' },
  number: 'Row {number}', same: 'Repeated: {names}', elsewhere: 'on another list, too', more: '{count} more rows',
  normal: 'All well', abnormal: 'Abnormal', absent: 'Not known', moved: 'Moved',
  state: { none: 'Left', normal: 'All well', abnormal: 'Abnormal', absent: 'Not known', moved: 'Moved' },
  sent: 'reported', held: 'about to report', waits: 'waits to be sent', undo: 'Undo', change: 'Change', refused: 'Not reported: {why}',
  trouble: { unreached: 'not reached', refuses: 'refuses', ill: 'ill or hurt', danger: 'in danger', wrong: 'wrong data', other: 'other' },
  words: 'Words (optional)', report: 'Report', pickTrouble: 'Choose what is the matter', where: 'Where to', outside: 'Outside of this list', search: 'Find a center', found: 'Choose the center', notFound: 'Nothing found', needLine: 'Finding a center needs the line; “outside” works without.', cancel: 'Cancel', handed: 'to {name}',
} satisfies Translated<typeof zh>
