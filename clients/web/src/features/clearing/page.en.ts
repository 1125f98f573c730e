/** Words of the room of lists; they come with it. English. */
import type { Translated } from '../words'
import type zh from './page.zh'

export default {
  bring: 'Bring a list', lists: 'Lists', reading: 'Reading lists…', failed: 'The lists cannot be read ({why}); they will be read again.',
  empty: 'No lists yet. Press “Bring a list” for a CSV or XLSX file: its rows go to the responsible centers, and are cleared the same day.', emptyRead: 'No list was given to your center or below.',
  choose: 'Choose a list at the left: its board stands here.', older: 'Earlier ones',
  state: { loaded: 'Not given out', issued: 'Being checked', cleared: 'Cleared', late: 'Late', deleted: 'Deleted' },
  left: '{count} left', done: '{done} / {total}',
  count: { total: 'Total', normal: 'All well', abnormal: 'Abnormal', absent: 'Not known', moved: 'Moved', left: 'Left', passed: 'Passed on', taken: 'Received', gridded: 'Grids' },
  columnHint: { moved: 'left the area of the list', passed: 'given to another center of the list, which checks; not in the total', gridded: 'rows that lie with grids' },
  board: {
    by: 'brought by {center} {name} · {at}', note: 'Task', due: 'due {at}', gone: 'Personal data is deleted at {at}; numbers and proof stay',
    closedWhy: '{who} closed it: {reason}', goneAlready: { time: 'Personal data was deleted in time ({at}); numbers and proof stay', by_hand: 'The list was taken back ({at}); personal data is deleted, numbers and proof stay' },
    level: 'By', county: 'county', township: 'township', village: 'village', all: 'all', within: 'within {name}', center: 'Center', share: 'Done',
    more: '{count} more centers', readAt: 'as of {at}', rows: 'Rows', people: 'Rows',
    csv: 'CSV file', xlsx: 'XLSX file', print: 'no personal data in it', repeated: '{count} repeated', leftOut: '{count} rows left out', commitment: 'proof', nobody: 'No centers', gridsTitle: '{name} · grids', gridsOf: '{name}: {count} rows in grids, see them',
  },
  issue: {
    title: 'Give out to the centers', note: 'Task (no personal data)', notePlaceholder: 'e.g. check every household before 18:00', due: 'Due', key: 'Give out to {count} centers', confirm: 'Give out “{title}”?',
    consequence: { centers: '{count} centers get it at once, {rows} rows', once: 'It cannot be changed afterwards, only taken back', personal: 'Only the responsible centers read who it is' },
    keep: 'Not yet', busy: 'Giving out…', pastDue: 'Due lies after now and before the data is deleted.',
  },
  card: { title: 'Lists being checked', all: 'All', none: 'No list is being checked.', more: '{count} more', left: '{count} not checked' },
  remove: {
    key: 'Take back', early: 'Close early', why: 'Why (those who check rows read it; no personal data)', whyHint: 'e.g. it was wrong, another one follows', need: 'Say why', confirm: 'Take “{title}” back?', does: 'Take back and delete', keep: 'Keep',
    consequence: { rows: 'The personal data of {rows} rows is deleted for good', stations: 'Centers cannot report any more; {left} rows that were not checked are checked no more', stays: 'Numbers and proof stay' },
  },
  rows: {
    title: 'Rows of {name}', masked: 'Personal data is masked. Each row that you read in full is told in the journal: who, which row, never what.', close: 'Close', number: 'No.', state: 'State', see: 'Read in full', seeing: 'Opening…',
    same: 'repeated: {names}', elsewhere: '{count} rows on other lists', written: 'with words', text: 'Words', more: '{count} more rows', none: 'This center has no rows now.', sourceRow: 'row {row} of the file', grid: 'Grid', own: 'With the village', give: 'Which grid row {number} goes to', reading: 'Reading…',
  },
  outcome: { none: 'Left', normal: 'All well', abnormal: 'Abnormal', absent: 'Not known', moved: 'Moved' },
  trouble: { unreached: 'not reached', refuses: 'refuses', ill: 'ill or hurt', danger: 'in danger', wrong: 'wrong data', other: 'other' },
  form: {
    title: 'Bring a list', back: 'Back', file: 'Choose a file', drop: 'Drop a CSV or XLSX file here, or press “Choose a file”', limits: 'At most 100,000 rows and 24 MB; UTF-8 and GB18030 are told apart. The first row names the columns; of several sheets the first is read.',
    sending: 'Sending and reading…', other: 'Another file', encoding: { 'xlsx': 'XLSX', 'utf-8': 'CSV · UTF-8', 'utf-8-bom': 'CSV · UTF-8 (marked)', 'gb18030': 'CSV · GB18030' }, rows: '{count} rows',
    columns: 'What each column is', columnsHint: 'Several columns can name the center together (county, township, village). Personal columns are kept encrypted, only the responsible center reads them; leave out what is not needed.',
    role: { center: 'center', id: 'identity (personal, finds repeats)', personal: 'personal', shown: 'shown', out: 'left out' }, column: 'Column {letter}', roleOf: 'What “{name}” is',
    match: 'Centers', matching: 'Matching…', matched: '{rows} rows to {centers} centers', repeatedRows: '{count} repeated', leftOutRows: '{count} left out',
    unsure: '{rows} rows have no sure center', unsureHint: 'Names that several centers bear, or none, stand here: nothing is guessed. Choose the center, or leave them out.', shownOnly: 'The first {count} are shown.',
    why: { several: 'several of this name', unknown: 'no such center', none: 'no center named' }, times: '{count} rows (row {rows})', emptyText: '(empty)', pick: 'Choose a center', skip: 'Leave out', search: 'Find a center', notFound: 'Nothing found', decided: 'decided',
    leaveOut: 'Leave out the other {count} rows that are not sure',
    wrong: '{count} rows cannot be used and are left out', wrongRow: 'Row {row}, column {column}: {why}', wrongWhy: { digits: 'a number too long to be exact (make the column text and save again)', too_long: 'a cell of more than 1,000 characters', control: 'control characters, or such as change the order of what is shown', cells: 'more cells than column names' },
    name: 'Name of the list', days: 'Personal data is kept', dayCount: '{count} days', load: 'Load {count} rows', loading: 'Loading: {done} / {of} rows', loadingStart: 'Loading…',
    problem: { center: 'Say which column is the center.', id: 'One column at most is the identity.', kept: 'Keep one column at least for those who check.', title: 'Give the list a name.', unsure: 'Some rows are not sure: choose centers, or leave them out.', none: 'No row has a center.', many: 'More than 500 decisions by hand: complete the centers in the file first.' },
    refused: {
      kind: 'This is neither a CSV nor an XLSX file.', encoding: 'The letters are neither UTF-8 nor GB18030.', csv: 'A quotation mark is never closed; export it again.', empty: 'The file has no rows that can be used.', too_large: 'The file unpacks to too much.', too_many_rows: 'More than 100,000 rows: divide it.',
      too_many_columns: 'More than 64 columns: take away some.', too_slow: 'Reading took too long; save it as CSV.', unsure: 'Some rows are not sure.', unavailable: 'It cannot be written now; load it again in a moment.', draft: 'The file waited too long: choose it again.',
    },
  },
} satisfies Translated<typeof zh>
