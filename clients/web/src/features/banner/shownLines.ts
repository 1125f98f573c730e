/** The lines over the pictures, as a page shows them; what draws them is fetched with the first one. */
import { computed, defineAsyncComponent, type Ref, ref, watch } from 'vue'

import type { MeetingRoom } from '@/state/meetingRoom'

import type { Shown } from '../contract'
import { shown } from '../shown'
import type BannerLines from './BannerLines.vue'
import { linesOf } from './lines'

const Lines = defineAsyncComponent<typeof BannerLines>(() => import('./BannerLines.vue').then((file) => file.default))

/** `center`: the own one. `now`: ms since 1970. */
export function shownLines(room: Readonly<Ref<MeetingRoom | undefined>>, center: string, now: Readonly<Ref<number>>): Shown {
  const lines = computed(() => linesOf(room.value?.parts.value('banner').value, room.value?.parts.rows('banner_own').value.get(center)))
  /** Once there was one, the place where it is read aloud stays. */
  const stays = ref(false)
  watch(
    () => lines.value.length > 0,
    (some) => {
      if (some) stays.value = true
    },
    { immediate: true },
  )
  return shown(Lines, () => (stays.value && room.value !== undefined ? { lines: lines.value, now: now.value } : undefined))
}
