/** Words of a list's rows in grids; they come with that part of its page. English. */
import type { Translated } from '../words'
import type zh from './grids.zh'

export default {
  title: 'In grids', close: 'Close', given: '{given} of {rows} rows lie with grids', left: '{count} not checked', noGrids: 'The villages here have no grids yet: make them in “Patrol · Grids” first.',
  hint: 'Who is found in the registry of his village by number or telephone goes to the members of his grid; who is alike by name is confirmed by a person, who is not found stays with the village.',
  search: 'Look for their grids', again: 'Look again for the rest', share: 'Give to members ({count} rows)', stop: 'Stop',
  searching: 'Looking: {done} of {rows} rows', sharing: 'Giving out: {done} of {rows} villages', stopped: 'Stopped; {done} rows were looked for', failed: 'Not finished: {why}', found: 'looked for by {name} · {at}',
  ways: { number: 'by number', phone: 'by telephone', building: 'by building', person: 'confirmed', hand: 'by hand', candidates: 'to confirm', none: 'not found', back: 'with the village' },
  confirm: { title: 'Give {count} rows to members of grids?', people: 'The members of those grids read these rows in full on their phones at once', left: 'What was not found, or is to be confirmed, stays with the village', back: 'Each row can be taken back', does: 'Give out', keep: 'Not yet' },
  grid: 'Grid', people: 'Members (checked)', own: 'With the village', total: 'Total', rest: 'Left', done: 'Checked', abnormal: 'Abnormal', nobody: 'no member', leads: 'leads', rowsOf: 'Rows',
  unanswered: '{count} rows lie with grids that nobody walks: name members, or take them back to the village.', takeBack: 'Take back {count}',
  backSure: { title: 'Take back the {count} unchecked rows of “{name}”?', own: 'The village checks them itself', again: 'They can be given to a grid again', does: 'Take back', keep: 'Not yet' },
  candidates: {
    title: '{name}: rows to confirm', hint: 'At the left the row, at the right who may be meant. Personal data is masked by right.', row: 'Row {number}', him: 'It is this one → {grid}', nobody: 'None of them: the village checks', none: 'No rows to confirm.', more: 'Further ones', reading: 'Reading…', score: '{score} alike', gone: 'Who may be meant is not registered any more.',
    why: { number: 'same number', phone: 'same telephone', name: 'name sounds alike', birth: 'same birthday', building: 'same building' }, born: 'born {year}', decided: 'Decided',
  },
} satisfies Translated<typeof zh>
