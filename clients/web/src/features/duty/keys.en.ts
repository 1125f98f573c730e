/** Words of taking over and handing over; they come with its keys, on the desk and on the station. English. */
import type { Translated } from '../words'
import type zh from './keys.zh'

export default {
  title: 'Duty', above: 'On duty above', at: 'as of {time}', person: { taken: '{center} {who}', roster: '{center} {who} (by roster)', nobody: '{center} nobody' },
  now: { taken: '{who} is on duty, took over at {time}', roster: "It is {who}'s shift (by the roster, from {time}); not taken over yet", nobody: 'Nobody on duty since {time}', nobodyYet: 'Nobody has ever taken over' },
  missed: '{who} was to take over at {time} and has not', lead: 'In charge {who}', next: 'Next {who}, {time}',
  reading: 'Reading who is on duty…', failed: 'Duty cannot be read ({why}); it is tried again.',
  take: 'Take over', relieve: 'Relieve {name}', hand: 'Hand over', roster: 'Roster', close: 'Close',
  taking: 'Taking over…', handing: 'Handing over…',
  takeTitle: 'Take over', name: 'Name', post: 'Post', nameHint: 'Name and post alone, no telephone number: it stands in the journal and cannot be deleted.',
  relieves: '{name} has not handed over; there is no note to read. You are on duty once you take over.',
  note: 'Note of {name} ({time})', confirmTake: 'I have read it, take over', plainTake: 'Take over now', noNote: 'The note cannot be read ({why}); try again.', again: 'Read again',
  handTitle: '{name} hands over', part: { situation: 'Situation', done: 'Actions taken', to_do: 'To do', resources: 'People and resources', remarks: 'Remarks' },
  hint: { situation: 'e.g. level 32.1 m, steady; nobody moved', done: 'e.g. dike walked twice, three households told', to_do: 'e.g. measure again at 20:00', resources: 'e.g. 2 boats at the village office; 8 people', remarks: '' },
  open: '{count} open orders', putIn: 'Put into to do', order: 'Order ({state}): {text}', state: { issued: 'not signed', delivered: 'not signed', signed: 'signed', returned: 'returned', in_progress: 'in progress', completed: 'completed', accepted: 'accepted' },
  confirmHand: 'Hand over now', needed: 'Tell the situation', neededName: 'Give a name', wrongName: 'No telephone number in name or post',
  changed: 'Somebody took over or handed over just now; look at it and try again.', refused: 'It did not work: {why}',
  done: { taken: '{name} has taken over', handed: 'Handed over; the next one reads the note and takes over' },
} satisfies Translated<typeof zh>
