/** What a station's commands about duty are called; its other words come with what shows them. English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  command: { 'duty.take': 'Take over duty', 'duty.hand_over': 'Hand over duty' },
} satisfies Translated<typeof zh>
