/** Words of recording that only desks show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  lane: 'Recording',
  ending: {
    running: 'The recording stops and stays in the archive.',
    stopped: 'Nothing is being recorded now; what was recorded stays in the archive.',
  },
  parts: 'Parts of the recording',
  sentence: {
    started: 'Recording started',
    stopped: 'Recording stopped',
    refused: 'Not recorded: too little room on the disk',
    part_opened: 'Recording of {who} began',
    part_closed: 'A part was closed after {seconds} s',
  },
  entry: {
    'recording.started': 'Recording started',
    'recording.stopped': 'Recording stopped',
    'recording.refused': 'Recording could not begin',
    'recording.part_opened': 'Recording part opened',
    'recording.part_closed': 'Recording part closed',
  },
} satisfies Translated<typeof zh>
