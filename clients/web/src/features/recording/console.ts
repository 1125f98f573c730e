/** The recording on the console: one key starts it; what is not recorded is lost for good, so stopping asks. */
import { ref } from 'vue'

import ConfirmDialog from '@/parts/ConfirmDialog.vue'

import type { ConsolePart } from '../contract'
import { shown } from '../shown'

export default {
  shortcuts: [{ key: 'r', shown: 'R', does: 'record', says: 'recording.does', place: 40 }],
  desk(desk) {
    /** Stopping was asked for and is not answered yet. */
    const stopping = ref(false)
    return {
      keys: () => {
        const on = desk.recording.value
        return [
          {
            id: 'recording-toggle',
            name: 'recording',
            needs: 'meeting.minute',
            place: 10,
            group: 'meeting',
            does: 'record',
            pressed: on,
            tone: on ? 'on' : 'plain',
            label: { says: on ? 'recording.key.stop' : 'recording.key.start' },
            press: () => {
              if (on) stopping.value = true
              else void desk.send('recording', 'recording.start', {})
            },
          },
        ]
      },
      over: [
        shown(ConfirmDialog, () =>
          stopping.value
            ? {
                testid: 'recording-stop',
                title: desk.t('recording.stop.title'),
                consequences: [desk.t('recording.stop.lost'), desk.t('recording.stop.kept')],
                confirm: desk.t('recording.stop.confirm'),
                keep: desk.t('recording.stop.keep'),
                onClose: () => (stopping.value = false),
                onConfirm: () => {
                  stopping.value = false
                  void desk.send('recording', 'recording.stop', {})
                },
              }
            : undefined,
        ),
      ],
      stays: () => [{ place: 10, text: desk.t(desk.recording.value ? 'recording.ending.running' : 'recording.ending.stopped') }],
    }
  },
} satisfies ConsolePart
