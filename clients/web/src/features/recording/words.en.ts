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
  lane: 'Recording',
  ending: {
    running: 'The recording stops and stays in the archive.',
    stopped: 'Nothing is being recorded now; what was recorded stays in the archive.',
  },
  parts: 'Parts of the recording',
  sentence: {
    started: 'Recording started',
    stopped: 'Recording stopped',
    part_opened: 'Recording of {who} began',
    part_closed: 'A part was closed after {seconds} s',
  },
  command: { 'recording.start': 'starting the recording', 'recording.stop': 'stopping the recording' },
  entry: {
    'recording.started': 'Recording started',
    'recording.stopped': 'Recording stopped',
    'recording.part_opened': 'Recording part opened',
    'recording.part_closed': 'Recording part closed',
  },
} satisfies Translated<typeof zh>
