/** What the line of each was like, as a lane on the page of one meeting in the archive: told from recordings and alarms. */
import { computed } from 'vue'

import { durationText } from '@/parts/now'

import type { ArchivePart } from '../archive.contract'
import { troublesOf } from './troubles'

const TONES = { lost: 'late', many: 'late', silent: 'warn', again: 'warn' } as const

export default {
  page: ({ entries, lengthMs, meeting, parts, t }) => {
    const spans = computed(() =>
      troublesOf(parts.value, entries.value, meeting.value?.opened_at ?? '', lengthMs.value).map(({ what, words, fromMs, toMs }) => ({
        fromMs,
        toMs,
        tone: TONES[what],
        text: t(`lines.${what}`, { ...words, from: durationText(fromMs), to: durationText(toMs) }),
      })),
    )
    return { lanes: () => (spans.value.length === 0 ? [] : [{ id: 'line', place: 20, name: t('lines.lane'), spans: spans.value }]) }
  },
} satisfies ArchivePart
