/** Who speaks, on the page of one meeting in the archive: a lane, what silence is, and subtitles where there are any. */
import { computed, defineAsyncComponent } from 'vue'

import { durationText } from '@/parts/now'
import { useSession } from '@/state/session'

import type { ArchivePart } from '../archive.contract'
import { laneOf, voicesOf } from './spoken'
import { useSpoken } from './useSpoken'

const SaidBar = defineAsyncComponent(() => import('./SaidBar.vue'))

export default {
  page: (place) => {
    const { voices, lines } = useSpoken(useSession().api, place.meeting)
    const known = computed(() => voicesOf(voices.value))
    const spans = computed(() => laneOf(known.value ?? [], (who, from, to) => place.t('voices.span', { who: place.person(who), from: durationText(from), to: durationText(to) })))
    const name = (): string => {
      const { listened = 0, parts = 0 } = voices.value ?? {}
      return listened < parts ? place.t('voices.partly', { listened, parts }) : place.t('voices.lane')
    }
    return {
      voice: () => known.value,
      lanes: () => (spans.value.length === 0 ? [] : [{ id: 'voice', place: 10, name: name(), spans: spans.value }]),
      underBar: [{ component: SaidBar, given: () => (lines.value.length === 0 ? undefined : { lines: lines.value, positionMs: place.positionMs.value }) }],
    }
  },
} satisfies ArchivePart
