/** Words of handing over that the frame shows; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Hand-over',
} satisfies Translated<typeof zh>
