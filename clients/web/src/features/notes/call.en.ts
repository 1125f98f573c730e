/** Words of notes, and marks in the record; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  panel: { text: 'Note', placeholder: 'A note; Enter records it at this moment', send: 'Record', none: 'No notes yet' },
  tab: 'Notes',
  key: 'Note',
  does: 'Add a note',
  lane: 'Marks',
  sentence: { added: '{who} marked' },
  command: { 'note.add': 'note' },
  entry: { 'note.added': 'Note' },
} satisfies Translated<typeof zh>
