/** Film or tracks: what is played, on the same time of the meeting. */
import { computed, type Ref, ref, watch } from 'vue'

import type { ArchiveFilm } from '@/features/archive.contract'
import type { Part } from '@/protocol/types'

/** The film stands among the parts as one of nobody. */
export const FILM = 'film'

function asPart(film: ArchiveFilm, name: string): Part {
  return {
    id: FILM,
    participant: FILM,
    center: '',
    name,
    tracks: [
      { kind: 'video', codec: 'h264' },
      { kind: 'audio', codec: 'aac' },
    ],
    source: 'camera',
    started_at: '',
    offset_ms: film.offsetMs,
    duration_ms: film.durationMs,
    bytes: null,
    sha256: null,
    holes: [],
    state: 'closed',
    media: film.media,
  }
}

export function useFilm(film: () => ArchiveFilm | undefined, parts: Readonly<Ref<readonly Part[]>>, untouched: () => boolean, name: () => string) {
  const view = ref<'film' | 'tracks'>('tracks')
  const there = computed(film)
  // A film that is there before anything was played is what one came for; later nobody's picture is taken away.
  watch(
    there,
    (now, before) => {
      if (now === undefined) view.value = 'tracks'
      else if (before === undefined && untouched()) view.value = 'film'
    },
    { immediate: true },
  )
  return {
    has: computed(() => there.value !== undefined),
    view,
    shown: computed(() => (view.value === 'film' && there.value !== undefined ? [asPart(there.value, name())] : parts.value)),
    /** Drawn for as long as it is wanted; the parts of the other view leave the player. */
    choose: (which: 'film' | 'tracks') => {
      view.value = which
    },
  }
}
