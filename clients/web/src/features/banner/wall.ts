/** Banner and ticker on the big screen: below its pictures. */
import { computed } from 'vue'

import type { WallPart } from '../wall.contract'
import { shownLines } from './shownLines'

export default {
  wall: (place) => ({ below: [shownLines(computed(() => place.room), place.account.center.code, place.now)] }),
} satisfies WallPart
