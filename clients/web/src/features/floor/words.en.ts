/** Words of the floor: asked for, given, taken back; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  tab: 'Floor',
  does: 'Give the selected one the floor, or take it back',
  spoken: '{who} asks to speak, {count} waiting',
  key: { grant: 'Give floor', deny: 'Not now', revoke: 'Take back', more: '1 minute more' },
  station: {
    key: { none: 'Ask to speak', waiting: 'Take back', speaking: 'I have finished' },
    waits: 'You have asked, number {place} in line',
    speaks: 'Please speak',
    left: '{time} left',
    soon: 'Nearly over: {time} left',
    over: 'Your turn is over',
    refused: 'Not this time; you may ask again',
    because: 'Not this time: {why}',
    overtime: '{time} over your time',
  },
  command: {
    'floor.request': 'asking to speak',
    'floor.withdraw': 'taking the request back',
    'floor.grant': 'giving the floor',
    'floor.deny': 'turning a request down',
    'floor.release': 'giving the floor back',
    'floor.revoke': 'taking the floor back',
  },
} satisfies Translated<typeof zh>
