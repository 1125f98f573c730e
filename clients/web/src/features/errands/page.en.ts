/** Words of the page of errands; they come with it. English. */
import type zh from './page.zh'

export default {
  label: 'Errands', search: 'Who does it, why; in the own village also words and names', ask: 'New errand', xlsx: 'Export XLSX', back: 'Back',
  list: { failed: 'Cannot be read ({why})', again: 'Read again', reading: 'Reading…', none: 'No errand fits.', empty: 'No errands yet. When a household telephones, the leader or a dispatcher of the village writes one down here; members do on their phones.', clear: 'Show all', more: 'Older ones', choose: 'Choose an errand at the left to see its course.' },
  filter: { state: 'State', kind: 'Kind', all: 'All', late: 'Late only' },
  state: { open: 'Open', asked: 'Nobody has it', taken: 'In progress', handed: 'With the village', done: 'Done', dropped: 'Withdrawn' },
  kind: { food: 'Food', medicine: 'Medicine', clinic: 'Doctor', papers: 'Papers', repair: 'Repair', ride: 'Ride', other: 'Other' },
  urgent: 'Urgent', late: 'Late', doneLate: 'Done late', due: 'by {at}', noDue: 'Soon', nobody: 'Nobody has it', masked: 'Only the village and the grid see the words',
  board: { label: 'Errands in numbers', up: 'Up', place: 'Place', open: 'Open', asked: 'Nobody has it', handed: 'With the village', late: 'Late', done: 'Done in 30 days', dropped: 'Withdrawn', rating: 'Rating', rated: '{mean} ({count})', none: '—', byKind: 'Open, by kind' },
  one: { text: 'What for', who: 'Household', grid: 'Grid', by: 'Written down', due: 'Wanted', taker: 'Done by', handed: 'Handed on', done: 'Done', said: 'How it went', cost: 'Cost', photos: 'Photos', stars: 'Rating', heard: { door: 'at the door', telephone: 'by telephone' }, reason: 'Why', yuan: '{yuan} yuan', forgotten: 'The words are deleted in their time', see: 'See the household', notRated: 'Not rated yet' },
  key: { take: 'Take for the village', hand: 'Hand on', done: 'Done', drop: 'Withdraw', rate: 'Record a rating' },
  hand: { title: 'Hand the errand on', to: 'To', pick: 'Choose', why: 'Why (no names)', go: 'Hand on', village: 'The village' },
  done: { title: 'The errand is done', said: 'How it went (only village and grid see it)', cost: 'Cost (yuan, may stay empty)', costBad: 'This is no amount', photos: 'Photos', go: 'Done' },
  drop: { title: 'Withdraw the errand', why: 'Why (no names)', go: 'Withdraw', keeps: 'It goes from the phones of the grid; the record stays' },
  rate: { title: 'Rating by the household', ask: 'Ask by telephone: how well was this done?', stars: ['Very bad', 'Bad', 'So-so', 'Good', 'Very good'], go: 'Record' },
  form: { title: 'New errand', find: 'Name, number or place of the household', go: 'Find', none: 'No such household', change: 'Another household', kind: 'Kind', text: 'What is wanted (only village and grid see it)', textHint: 'E.g. two boxes of pills, insurance card at home', due: 'By when (may stay empty)', urgent: 'Urgent', save: 'Write down', hint: 'It appears on the phones of all who walk the grid; who takes it does it.' },
  cancel: 'Cancel', saved: 'Written down', handed: 'Handed on', finished: 'Done', dropped: 'Withdrawn', rated: 'Rating recorded', taken: 'Taken',
} satisfies Words<typeof zh>

type Words<T> = { [K in keyof T]: T[K] extends string ? string : T[K] extends readonly string[] ? readonly string[] : Words<T[K]> }
