/** Banner and ticker on the console: the key that opens the sheet, and what stands at the foot of the picture. */
import { computed, defineAsyncComponent, ref } from 'vue'

import type { CommandData } from '@/protocol/types'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type BannerSheet from './BannerSheet.vue'
import { shownLines } from './shownLines'

/** Fetched when it is first opened. */
const Sheet = defineAsyncComponent<typeof BannerSheet>(() => import('./BannerSheet.vue').then((file) => file.default))

export default {
  shortcuts: [{ key: 'b', shift: true, shown: '⇧B', does: 'banner', says: 'banner.does', place: 38 }],
  desk(desk) {
    const open = ref(false)
    const sent = desk.room.parts.value('banner_sent')
    async function show(data: CommandData['banner.show']): Promise<void> {
      if (await desk.send('banner-show', 'banner.show', data)) open.value = false
    }
    return {
      onStage: [shownLines(computed(() => desk.room), desk.account.center.code, desk.now)],
      keys: () => {
        const stands = (sent.value?.banner ?? null) !== null || (sent.value?.ticker ?? null) !== null
        return [
          {
            id: 'banner',
            name: 'banner',
            needs: 'meeting.control',
            place: 8,
            group: 'meeting',
            folds: true,
            does: 'banner',
            label: { says: 'banner.key' },
            tone: stands ? 'on' : 'plain',
            press: () => {
              open.value = true
            },
          },
        ]
      },
      over: [
        shown(Sheet, () => {
          const meeting = desk.meeting.value
          if (!open.value || meeting === undefined) return undefined
          return {
            actions: desk.actions,
            live: desk.live,
            sent: sent.value,
            centers: desk.centers.value,
            called: meeting.centers,
            sets: desk.targets.value,
            onShow: (data: CommandData['banner.show']) => void show(data),
            onRemove: (banner: string) => void desk.send(`banner-remove:${banner}`, 'banner.remove', { banner }),
            onClose: () => (open.value = false),
          }
        }),
      ],
    }
  },
} satisfies ConsolePart
