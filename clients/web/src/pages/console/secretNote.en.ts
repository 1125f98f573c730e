/** Words of the note before a secret meeting is convened; English. */
import type zh from './secretNote.zh'

export default {
  what: 'Secret: only people who are cleared know of this meeting.',
  all: 'Somebody is cleared at each of these centers.',
  none: 'At {count} of these centers nobody is cleared; they are told nothing: {names}',
  failed: 'Who is cleared where could not be read: {why}',
} satisfies Record<keyof typeof zh, string>
