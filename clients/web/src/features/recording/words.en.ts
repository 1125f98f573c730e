/** Words of the recording; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  stop: {
    title: 'Stop the recording?',
    lost: 'What is said and shown from now on is not kept, and cannot be had later.',
    kept: 'What was recorded stays in the archive; recording can begin again.',
    confirm: 'Stop the recording',
    keep: 'Go on recording',
  },
  key: { start: 'Record', stop: 'Stop recording' },
  does: 'Start or stop recording',
  command: { 'recording.start': 'starting the recording', 'recording.stop': 'stopping the recording' },
} satisfies Translated<typeof zh>
