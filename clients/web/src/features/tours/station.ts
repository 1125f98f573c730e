/** Tours at the station: who is seen in one knows it. */
import { computed, defineAsyncComponent } from 'vue'

import type { StationPart } from '../contract'
import { shown } from '../shown'
import type TourSeen from './TourSeen.vue'

const Line = defineAsyncComponent<typeof TourSeen>(() => import('./TourSeen.vue').then((file) => file.default))

export default {
  station(desk) {
    const face = computed(() => desk.room.value?.parts.rows('tour_faces').value.get(desk.account.id))
    /** While the meeting is paused nobody is seen. */
    const paused = computed(() => desk.room.value?.parts.value('pause').value?.paused === true)
    return { onStage: [shown(Line, () => (face.value === undefined || paused.value ? undefined : { face: face.value }))] }
  },
} satisfies StationPart
