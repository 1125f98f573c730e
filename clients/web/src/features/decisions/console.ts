/** Decisions on the console: the tab to write them down, and its key. */
import WordsPanel from '@/parts/WordsPanel.vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'

/** Letters, as the hub allows. */
const LONGEST = 4000

export default {
  shortcuts: [{ key: 'd', shown: 'D', does: 'decision', says: 'decisions.does', place: 21 }],
  desk(desk) {
    const decisions = () => desk.meeting.value?.decisions ?? []
    async function record(text: string, done: (accepted: boolean) => void): Promise<void> {
      done(await desk.add('decision-send', 'decision.record', { text }))
    }
    return {
      tabs: [
        {
          name: 'decisions',
          place: 30,
          says: 'decisions.tab',
          keeps: true,
          panel: shown(WordsPanel, () => ({
            kind: 'decision' as const,
            words: 'decisions.panel',
            actions: desk.actions,
            items: decisions(),
            longest: LONGEST,
            onSend: (text: string, done: (accepted: boolean) => void) => void record(text, done),
          })),
          count: () => decisions().length,
        },
      ],
      keys: () => [
        {
          id: 'decision-open',
          name: 'open-decision',
          needs: 'meeting.minute',
          place: 20,
          group: 'write',
          does: 'decision',
          label: { says: 'decisions.key' },
          press: () => {
            desk.open('decisions')
          },
        },
      ],
      stays: () => [{ place: 30, text: desk.t('decisions.ending', { count: decisions().length }) }],
    }
  },
} satisfies ConsolePart
