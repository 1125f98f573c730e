/** The level of the meeting on its desk: a key that raises or lowers it. */
import { defineAsyncComponent, ref } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import { levelKey } from './allowed'
import type LevelDialog from './LevelDialog.vue'

// fetched when it is first wanted
const Dialog = defineAsyncComponent<typeof LevelDialog>(() => import('./LevelDialog.vue').then((file) => file.default))

export default {
  desk(desk) {
    const asked = ref<'raise' | 'lower'>()
    return {
      keys: () => {
        const to = levelKey(desk.account, desk.meeting.value)
        if (to === undefined) return []
        return [
          {
            id: 'secrecy',
            name: 'secrecy',
            place: 14,
            group: 'meeting',
            folds: true,
            label: { says: `secrecy.key.${to}` },
            tone: 'plain',
            press: () => {
              asked.value = to
            },
          },
        ]
      },
      over: [
        shown(Dialog, () => {
          const to = asked.value
          return to === undefined || desk.meeting.value === undefined ? undefined : { actions: desk.actions, meeting: desk.meeting.value.id, to, runs: true, onClose: () => (asked.value = undefined) }
        }),
      ],
    }
  },
} satisfies ConsolePart
