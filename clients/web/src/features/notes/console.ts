/** Notes on the console: the tab to write them down, and its key. */
import WordsPanel from '@/parts/WordsPanel.vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'

/** Letters, as the hub allows. */
const LONGEST = 2000

export default {
  shortcuts: [{ key: 'n', shown: 'N', does: 'note', says: 'notes.does', place: 22 }],
  desk(desk) {
    const notes = () => desk.meeting.value?.notes ?? []
    async function add(text: string, done: (accepted: boolean) => void): Promise<void> {
      // the moment meant is now, even when the line is slow
      const data = { text, at: new Date().toISOString() }
      done(await desk.add('note-send', 'note.add', data))
    }
    return {
      tabs: [
        {
          name: 'notes',
          place: 50,
          says: 'notes.tab',
          keeps: true,
          panel: shown(WordsPanel, () => ({
            kind: 'note' as const,
            words: 'notes.panel',
            actions: desk.actions,
            items: notes(),
            longest: LONGEST,
            onSend: (text: string, done: (accepted: boolean) => void) => void add(text, done),
          })),
          count: () => notes().length,
        },
      ],
      keys: () => [
        {
          id: 'note-open',
          name: 'open-note',
          needs: 'note.add',
          place: 30,
          group: 'write',
          does: 'note',
          label: { says: 'notes.key' },
          press: () => {
            desk.open('notes')
          },
        },
      ],
    }
  },
} satisfies ConsolePart
