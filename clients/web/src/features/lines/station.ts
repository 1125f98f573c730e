/** The line at the station: a key that opens what is known and can be chosen, and a strip while fewer pictures come. */
import { defineAsyncComponent, ref, watch } from 'vue'

import type { StationPart } from '../contract'
import { shown } from '../shown'

// fetched when they are wanted: a first load is small
const LineChoice = defineAsyncComponent(() => import('@/parts/line/LineChoice.vue'))
const LineNotice = defineAsyncComponent(() => import('@/parts/line/LineNotice.vue'))

const BARS = 'M4 20v-4M9 20v-8M14 20V8M19 20V4'

export default {
  station(desk) {
    const opened = ref(false)
    watch(
      () => desk.room.value?.id,
      () => (opened.value = false),
    )
    return {
      keys: () => [
        {
          id: 'pictures',
          name: 'line',
          place: 40,
          icon: BARS,
          label: { says: 'lines.key' },
          pressed: opened.value,
          press: () => (opened.value = !opened.value),
        },
      ],
      panes: [
        {
          where: 'keys',
          place: 40,
          pane: shown(LineChoice, () => {
            const line = opened.value ? desk.room.value?.line : undefined
            return line && { line, large: true }
          }),
        },
      ],
      strip: shown(LineNotice, () => {
        const line = desk.room.value?.line
        return line === undefined || line.pictures.value === 'all' ? undefined : { line }
      }),
    }
  },
} satisfies StationPart
