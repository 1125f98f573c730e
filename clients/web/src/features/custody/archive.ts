/** Custody on a meeting's page in the archive: a key that opens its drawer, a strip while it is held, words in place of what is destroyed. */
import { defineAsyncComponent } from 'vue'

import { useActions } from '@/parts/actions'
import { useSession } from '@/state/session'
import { useShell } from '@/state/shell'

import type { ArchivePart, ArchivePlace, OnArchive } from '../archive.contract'
import { shown } from '../shown'
import { useCustody } from './useCustody'

const CustodyDrawer = defineAsyncComponent(() => import('./CustodyDrawer.vue'))
const DestroyedBox = defineAsyncComponent(() => import('./DestroyedBox.vue'))
const HeldNote = defineAsyncComponent(() => import('./HeldNote.vue'))

function onPage(place: ArchivePlace): OnArchive {
  const custody = useCustody(useSession().api, place.id, place.entries)
  const actions = useActions(useShell().live)
  return {
    keys: () => [{ id: 'custody', name: 'custody', place: 45, label: { says: (custody.told.value?.damaged.length ?? 0) > 0 ? 'custody.damaged.key' : custody.held.value ? 'custody.held' : 'custody.key' }, pressed: place.drawer.value === 'custody', press: () => { place.open('custody') } }],
    underBar: [shown(HeldNote, () => (custody.told.value?.hold ? { hold: custody.told.value.hold, onLook: () => { place.open('custody') } } : undefined))],
    instead: shown(DestroyedBox, () => ({ destroyed: custody.told.value?.destroyed ?? [] })),
    drawers: [
      {
        id: 'custody',
        shown: shown(CustodyDrawer, () => ({
          meeting: place.id,
          account: place.account.id,
          told: custody.told.value,
          problem: custody.problem.value,
          actions,
          onDone: (entries) => {
            place.learn(entries)
            void custody.read()
          },
        })),
      },
    ],
  }
}

export default { page: onPage } satisfies ArchivePart
