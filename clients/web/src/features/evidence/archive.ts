/** Evidence on a meeting's page in the archive: a key that opens its drawer, for whoever may take evidence. */
import { defineAsyncComponent } from 'vue'

import type { ArchivePart } from '../archive.contract'

const EvidenceDrawer = defineAsyncComponent(() => import('./EvidenceDrawer.vue'))
/** Who may by the table of rights; of which meetings the hub says. */
const TAKERS: readonly string[] = ['leader', 'dispatcher', 'clerk']

export default {
  page: (place) => ({
    keys: () =>
      TAKERS.includes(place.account.role) && place.meeting.value
        ? [{ id: 'evidence', name: 'evidence', place: 40, label: { says: 'evidence.key' }, pressed: place.drawer.value === 'evidence', press: () => place.open('evidence') }]
        : [],
    drawers: [
      {
        id: 'evidence',
        shown: { component: EvidenceDrawer, given: () => ({ meeting: place.meeting.value?.id ?? '' }) },
      },
    ],
  }),
} satisfies ArchivePart
