/** Words of lines that desks alone show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  own: 'Own line and pictures',
  byRelay: 'Over the relay, {count}:',
  takes: { stage: 'stage only', none: 'sound only' },
  weak: { stage: 'weak line: stage only', none: 'weak line: sound only' },
  spoken: { stage: 'The line is weak; now sound and the stage only', none: 'The line is weak; now sound only' },
} satisfies Translated<typeof zh>
