/** The film of a meeting: its key, its drawer, and the film for the page's player. What is large comes with the drawer. */
import { computed, defineAsyncComponent, inject } from 'vue'
import { useRoute } from 'vue-router'

import { shellKey } from '@/state/shell'

import type { ArchivePart } from '../archive.contract'
import { shown } from '../shown'
import { filmOf, useFilms } from './useFilms'

const FilmDrawer = defineAsyncComponent(() => import('./FilmDrawer.vue'))

export default {
  page(place) {
    const shell = inject(shellKey, undefined)
    const meeting = useRoute().params['meeting']
    if (shell === undefined || typeof meeting !== 'string') return {}
    const films = useFilms(shell, meeting)
    const label = computed(() => {
      const last = films.last.value
      if (last?.state === 'running') return { says: 'film.key.making', words: { percent: last.progress?.percent ?? 0 } }
      if (last?.state === 'waiting') return { says: 'film.key.waiting' }
      return { says: films.made.value ? 'film.key.ready' : 'film.key.make' }
    })
    return {
      keys: () => [
        {
          id: 'film',
          name: 'film',
          place: 15,
          label: label.value,
          pressed: place.drawer.value === 'film',
          press: () => {
            place.open('film')
          },
        },
      ],
      drawers: [{ id: 'film', shown: shown(FilmDrawer as never, () => ({ place, films, meeting })) }],
      film: () => {
        const job = films.made.value
        const openedAt = place.meeting.value?.opened_at
        return job === undefined || openedAt === undefined ? undefined : filmOf(job, openedAt)
      },
    }
  },
} satisfies ArchivePart
