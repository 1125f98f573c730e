/** Words of the pages of sweeps; they come with them. English. */
import type { Translated } from '../words'
import type zh from './page.zh'

export default {
  sweeps: 'Sweeps', open: 'Open a sweep', reading: 'Reading …', failed: 'Cannot be read ({why}); it is tried again.', older: 'Earlier ones', back: 'Back',
  empty: 'No sweep yet. Open one: with its area and form, the households that are expected are fixed at once, and none is missed.', emptyRead: 'No sweep concerns your center yet.', choose: 'Choose a sweep at the left; its progress is shown here.',
  state: { open: 'Going on', late: 'Late', done: 'All reached', closed: 'Closed', forgotten: 'Closed, answers deleted' },
  sort: { blanket: 'Every household', pointed: 'Certain households' },
  reached: '{done} / {total} households', asOf: 'as of {at}',
  board: {
    by: '{center} {name} · opened {at}', due: 'due {at}', note: 'What to look at', closed: 'closed by {who}, {at}', why: 'why: {reason}', kept: 'answers are kept for {days} days after its end, numbers for good', gone: 'answers were deleted in their time; numbers and proofs stay',
    parts: 'Above', place: 'Area', people: 'Grid members', share: 'Reached', households: 'households', persons: 'persons', csv: 'CSV', xlsx: 'XLSX', none: 'No household is expected here.', show: 'Households', close: 'Close the sweep',
    quiet: 'Numbers change with each visit; this page reads again every 10 seconds.',
  },
  count: { rows: 'Expected', met: 'Met', phone: 'Phone', absent: 'Absent', refused: 'Refused', gone: 'Moved away', left: 'Not visited', handed: 'To the village', conflicts: 'To settle', persons: 'Persons', seen: 'Seen' },
  hint: { met: 'with “nothing changed”', absent: 'after three times one calls, then it goes to the village', gone: 'nobody lives there any more', handed: 'not reached by the grid, or refused: the village takes over', conflicts: 'two recorded the same household off line: the grid leader says which holds' },
  rows: {
    title: 'Households of {name}', all: 'All', left: 'Not visited', open: 'Not reached', absent: 'Absent', refused: 'Refused', handed: 'To the village', conflict: 'To settle', met: 'Met', phone: 'Phone', gone: 'Moved away', filter: 'Show',
    masked: 'Names and doors are shown only to who answers for the grid.', see: 'See this household in the registry', number: 'No.', household: 'Household', grid: 'Grid', outcome: 'Outcome', next: 'Next', by: 'By', none: 'There is no such household.', more: 'Show more', persons: '{count} persons', seen: '{count} seen',
  },
  outcome: { none: 'Not visited', met: 'Met', unchanged: 'Nothing changed', phone: 'By phone', absent: 'Absent', refused: 'Refused', gone: 'Moved away' },
  next: { visit: 'Visit', again: 'Visit again', phone: 'Call', village: 'Village', none: '–' },
  visits: {
    title: 'Visits of no. {row}', none: 'No visit yet.', holds: 'counts now', conflict: 'did not know of the other', offline: 'off line', late: 'after it was due', recorded: 'arrived {at}', persons: '{count} persons seen', seconds: '{count} s on the form', flags: { symptom: 'symptoms', origin: 'origin to be looked at', need: 'needs help' }, photos: '{count} photos', found: { report: 'a report was made', incident: 'an incident was made' },
    settle: 'This one holds', settleHint: 'Neither knew of the other; both are kept. Find out, then choose one: numbers follow.', settled: 'Settled', note: 'Note', answers: 'Answers',
  },
  close: { confirm: 'Close “{title}”?', does: 'Close the sweep', keep: 'Go on', left: '{left} households are not reached and will not be visited', late: 'visits of before that arrive within 7 days still count', answers: 'answers are deleted after {days} days, numbers stay', why: 'Why it is closed early (grids read it; no personal data)', need: 'Households are left: say why' },
  form: {
    title: 'Open a sweep', name: 'Name', nameHint: 'for example: where returning people come from', area: 'Area', areaHint: 'all registered households of the villages at and below this center', sort: 'Which', blanketSays: 'every household of the area', pointedSays: 'only those that fit',
    residence: 'Somebody in it is', registered: 'registered here', floating: 'floating', abroad: 'from abroad', kinds: 'Kind of household', family: 'family', single: 'single', rental: 'rented', collective: 'collective', need: 'Choose at least one condition',
    due: 'Due', dueHint: 'what is not done then warns the level below, and half an hour later the one above', note: 'What to look at (no personal data)', days: 'Days that answers are kept', daysHint: 'from its end; then answers are deleted for good, numbers stay',
    asks: 'What is asked', ready: 'Ready-made forms', own: 'Nothing: only who was reached', pick: 'Take one, then add or leave out', remove: 'Leave out', each: 'each person', fresh: 'not asked again for {days} days', always: 'asked each time', required: 'required', when: 'only after an answer to “{label}”', unit: 'in {unit}', above: 'from {value}{unit} on: to be looked at',
    preview: 'As the phone shows it', previewHint: 'Answers that are fresh are not asked again; where nothing changed, one tap is enough.', unchanged: 'Nothing changed', sample: 'A household', send: 'Open the sweep', sending: 'Fixing the households …', failed: 'Not opened: {why}', empty: 'No household is registered in this area yet.',
    freshFor: 'Days it is not asked again', add: 'Add a question', question: 'Question', kind: 'Answered by', kindOf: { choice: 'a choice', number: 'a number', text: 'words', photo: 'a photo' }, options: 'Choices, one a line',
  },
} satisfies Translated<typeof zh>
