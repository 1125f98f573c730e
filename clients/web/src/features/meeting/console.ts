/** Leaving and ending the meeting. */
import { ref } from 'vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import EndDialog from './EndDialog.vue'

export default {
  shortcuts: [{ key: 'e', shift: true, shown: '⇧E', does: 'end', says: 'meeting.end.does', place: 70 }],
  desk(desk) {
    const ending = ref(false)
    async function leave(): Promise<void> {
      if (await desk.send('leave', 'meeting.leave', {})) desk.away('lobby')
    }
    async function end(): Promise<void> {
      if (!(await desk.send('meeting-end', 'meeting.end', {}))) return
      ending.value = false
      desk.away('record')
    }
    return {
      keys: () => [
        {
          id: 'meeting-leave',
          name: 'leave',
          place: 20,
          group: 'meeting',
          label: { says: 'meeting.leave' },
          press: () => void leave(),
        },
        {
          id: 'meeting-end',
          name: 'end',
          needs: 'meeting.end',
          place: 90,
          group: 'meeting',
          stays: true,
          tone: 'danger',
          does: 'end',
          label: { says: 'meeting.end.key' },
          press: () => {
            ending.value = true
          },
        },
      ],
      over: [
        shown(EndDialog, () => {
          const meeting = desk.meeting.value
          return !ending.value || meeting === undefined
            ? undefined
            : {
                actions: desk.actions,
                joined: meeting.joined,
                stays: desk.stays(),
                onClose: () => (ending.value = false),
                onEnd: () => void end(),
              }
        }),
      ],
    }
  },
} satisfies ConsolePart
