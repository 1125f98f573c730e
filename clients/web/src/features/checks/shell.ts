/** A desk answers checks, too: in whatever room one is. In a meeting it says nothing of the line, which the call has to itself. */
import { tryCalledLine, useCheckAnswers } from '@/state/checks'

import type { ShellPart } from '../rooms.contract'

export default {
  shell(shell) {
    useCheckAnswers(shell.live, () => {
      const inMeeting = shell.meeting.value !== undefined
      return {
        camera: 'off',
        microphone: 'off',
        silent: false,
        loudestDb: null,
        inMeeting,
        line: inMeeting ? () => Promise.resolve({ failure: 'busy' as const }) : tryCalledLine,
      }
    })
    return undefined
  },
} satisfies ShellPart
