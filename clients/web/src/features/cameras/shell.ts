/** Cameras of a center over whatever room one is in: looked at from its card or its alarm, before anybody is called. */
import { defineAsyncComponent } from 'vue'

import type { ShellPart } from '../rooms.contract'
import { shown } from '../shown'
import type CenterCameras from './CenterCameras.vue'

/** Fetched when it is first opened. */
const Box = defineAsyncComponent<typeof CenterCameras>(() => import('./CenterCameras.vue').then((file) => file.default))

export default {
  shell: (shell) =>
    ['leader', 'dispatcher'].includes(shell.role)
      ? { over: [shown(Box, () => (shell.lookingAt.value === null ? undefined : { place: shell.lookingAt.value }))] }
      : undefined,
} satisfies ShellPart
