/** Orders in the frame: the sheet over a room in which one was begun. */
import type { ShellPart } from '../rooms.contract'
import { shown } from '../shown'
import OrderSheet from './OrderSheet.vue'

export default {
  shell: (shell) => {
    if (!['leader', 'dispatcher'].includes(shell.role)) return undefined
    return {
      over: [
        shown(OrderSheet, () =>
          shell.ordering.value === null
            ? undefined
            : { live: shell.live, occasion: shell.ordering.value, meeting: shell.meeting.value?.id, onClose: shell.ordered },
        ),
      ],
    }
  },
} satisfies ShellPart
