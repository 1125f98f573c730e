/** The chair on the big screen: that the meeting rests, so that nobody takes dark pictures for a fault. */
import { defineAsyncComponent } from 'vue'

import { shown } from '../shown'
import type { WallPart } from '../wall.contract'
import type WallPause from './WallPause.vue'

const Pause = defineAsyncComponent<typeof WallPause>(() => import('./WallPause.vue').then((file) => file.default))

export default {
  wall({ room }) {
    const pause = room.parts.value('pause')
    return { above: [shown(Pause, () => (pause.value?.paused === true ? { pause: pause.value } : undefined))] }
  },
} satisfies WallPart
