/** A tour on the big screen that shows it: who is seen now, who is next. */
import { computed, defineAsyncComponent } from 'vue'

import { wordsOf } from '@/parts/mosaic/grids'
import { STAGE } from '@/protocol/types'

import { shown } from '../shown'
import type { WallPart } from '../wall.contract'
import { facesOf, stepNames } from './going'
import type WallTour from './WallTour.vue'

const Line = defineAsyncComponent<typeof WallTour>(() => import('./WallTour.vue').then((file) => file.default))

export default {
  wall({ account, room, now, shape, nameOf }) {
    const tours = room.parts.rows('tours')
    const lists = room.parts.rows('tour_lists')
    const [cameras, phones] = [room.parts.rows('cameras_here'), room.parts.rows('phones_here')]
    const beside = computed(() => [...cameras.value.values(), ...phones.value.values()])
    const people = computed(() => [...(room.view.value?.meeting.participants ?? []), ...beside.value])
    return {
      above: [
        shown(Line, () => {
          // an own tour of the wall's account is what its stage shows
          const key = tours.value.has(account.id) ? account.id : 'all'
          const tour = tours.value.get(key)
          const list = lists.value.get(key)
          if (tour === undefined || list === undefined) return undefined
          // a screen with something of its own, and one where somebody put something by hand, shows no tour
          const follows = wordsOf({ grid: shape.value.grid, cells: [...shape.value.cells] }).includes(STAGE)
          const seen = tour.shown.some((who) => shape.value.cells.includes(who))
          if (tour.rests === 'taken_over' || tour.rests === 'voice' || !(seen || (tour.kind !== 'mosaic' && follows))) return undefined
          return { tour, list, here: facesOf(people.value, tour.viewer), now: now.value, nameOf: stepNames(beside.value, nameOf) }
        }),
      ],
    }
  },
} satisfies WallPart
