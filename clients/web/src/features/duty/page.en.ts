/** Words of the room 值守; they come with it. English. */
import type { Translated } from '../words'
import type zh from './page.zh'

export default {
  title: 'Duty', search: 'Find a center: name, pinyin, code', centers: 'Duty of centers', failed: 'Duty cannot be read ({why}); it is tried again.', reading: 'Reading who is on duty…',
  which: { label: 'Which', all: 'All', missed: 'Not taken over', nobody: 'Nobody', roster: 'By roster', taken: 'Taken over', unplanned: 'No roster' },
  row: { taken: '{who}', roster: '{who} (by roster)', nobody: 'Nobody on duty', unplanned: 'No roster', since: 'since {time}', missed: 'Nobody took over', sinceTaken: 'took over {time}' },
  none: 'No such center', gone: 'There is no such center, or it is not yours to see.', back: 'Back to the list', zone: 'Times are {zone}',
  tabs: { label: 'What to look at', roster: 'Roster', turns: 'Hand-overs', log: 'Duty log' },
  roster: {
    week: '{first} to {last}', previous: 'Previous week', next: 'Next week', now: 'This week', reading: 'Reading the roster…', failed: 'The roster cannot be read ({why}).', again: 'Read again',
    day: 'Day', begins: 'From', ends: 'To', role: 'Kind', name: 'Name', post: 'Post', drop: 'Drop this shift of {day}', add: 'Add a shift', none: 'No shifts',
    lead: 'In charge', watch: 'On watch', nextDay: 'next day', copy: 'Copy the week before', spread: 'Put {day} on the other days', save: 'Save roster', saving: 'Saving…', undo: 'Drop changes', saved: 'Saved, {count} shifts', unsaved: 'Changes are not saved',
    hint: 'Name and post alone, no telephone number: the roster stands in the journal. An end that is not after the beginning is of the next day.', past: 'This week is past and cannot be changed.', reads: 'You may look, and change nothing.',
    carried: 'From the week before: {who} until {time}', copied: '{count} shifts copied; they count once saved', nothing: 'There were no shifts in the week before',
    problem: { name: 'Give a name', number: 'No telephone number', time: 'Give the time', overlap: 'At the same time as another shift of this kind', many: 'At most 60 shifts a week', length: 'A shift lasts 15 minutes to 48 hours' }, refused: 'Not saved: {why}', stay: 'Go on', leave: 'Leave without saving', leaveTitle: 'The roster is not saved', leaveWhat: 'What you changed of this week is lost',
  },
  turns: { none: 'Nobody has ever taken over.', reading: 'Reading hand-overs…', failed: 'Hand-overs cannot be read ({why}).', again: 'Read again', more: 'Earlier', on: 'took over {time}', off: 'handed over {time}', read: '{name} took over {time}', readNote: '{name} read it and took over {time}', still: 'On duty', waits: 'Handed over, waits for the next one', noNote: 'No note was written' },
  log: {
    day: 'Day', reading: 'Reading the log…', failed: 'The log cannot be read ({why}).', again: 'Read again', none: 'Nothing was recorded on this day.', print: 'Print', file: 'Export CSV', whole: 'More than {count} records on this day: the newest are listed.',
    kinds: { label: 'Which', all: 'All', duty: 'Duty', meeting: 'Meetings', report: 'Reports and alarms', order: 'Orders' }, count: '{count} records', head: { time: 'Time', what: 'Matter', text: 'Words', number: 'Journal number' }, heading: 'Duty log of {center}, {day}', printed: '{count} records, from the journal',
    said: {
      planned: '{who} planned {from} to {to}, {count} shifts', taken: '{name} took over', takenPost: '{post} {name} took over', handed: '{name} handed over', relieved: '{name} relieved the one before', relievedRead: '{name} read the note and took over',
      missed: '{name} was to take over at {time}; nobody did', missedHolder: '{name} was to take over at {time} and did not; {holder} stays on duty',
    },
    file_name: 'duty-log',
  },
} satisfies Translated<typeof zh>
