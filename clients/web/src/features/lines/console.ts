/** One's own line at the desk: what is said while fewer pictures come; what can be chosen stands in the panel of lines. */
import LineNotice from '@/parts/line/LineNotice.vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'

export default {
  desk(desk) {
    const { line } = desk.room
    return {
      over: [shown(LineNotice, () => ({ line, over: true }))],
      spoken: () => (line.byItself.value && line.pictures.value !== 'all' ? desk.t(`lines.spoken.${line.pictures.value}`) : ''),
    }
  },
} satisfies ConsolePart
