/** The level of a meeting on its page in the archive: a key that raises or lowers it. */
import { defineAsyncComponent, ref } from 'vue'

import { useActions } from '@/parts/actions'
import { useShell } from '@/state/shell'

import type { ArchivePart, ArchivePlace, OnArchive } from '../archive.contract'
import { shown } from '../shown'
import { levelKey } from './allowed'
import type LevelDialog from './LevelDialog.vue'

const Dialog = defineAsyncComponent<typeof LevelDialog>(() => import('./LevelDialog.vue').then((file) => file.default))

function onPage(place: ArchivePlace): OnArchive {
  const actions = useActions(useShell().live)
  const asked = ref<'raise' | 'lower'>()
  return {
    keys: () => {
      const to = levelKey(place.account, place.meeting.value)
      return to === undefined ? [] : [{ id: 'secrecy', name: 'secrecy', place: 46, label: { says: `secrecy.key.${to}` }, press: () => (asked.value = to) }]
    },
    underBar: [
      shown(Dialog, () => {
        const to = asked.value
        if (to === undefined) return undefined
        return {
          actions,
          meeting: place.id,
          to,
          runs: place.live.value,
          onClose: () => (asked.value = undefined),
          onDone: (entries) => {
            place.learn(entries)
          },
        }
      }),
    ],
  }
}

export default { page: onPage } satisfies ArchivePart
