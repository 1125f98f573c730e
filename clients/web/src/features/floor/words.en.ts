/** Words of the floor: asked for, given, taken back; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  lane: 'Floor',
  tab: 'Floor',
  does: 'Give the selected one the floor, or take it back',
  spoken: '{who} asks to speak, {count} waiting',
  key: { grant: 'Give floor', deny: 'Not now', revoke: 'Take back', more: '1 minute more' },
  panel: {
    speaks: '{who} has the floor',
    nobody: 'Nobody has the floor',
    left: '{time} left',
    since: 'for {time}',
    sum: 'Waiting {count}',
    time: 'Time',
    noEnd: 'no limit',
    minutes: '{count} min',
    waits: 'waits {time}',
    none: 'Nobody asks to speak',
  },
  station: {
    key: { none: 'Ask to speak', waiting: 'Take back', speaking: 'I have finished' },
    waits: 'You have asked, number {place} in line',
    speaks: 'Please speak',
    left: '{time} left',
    over: 'Your turn is over',
    refused: 'Not this time; you may ask again',
  },
  sentence: {
    requested: '{who} asked to speak',
    withdrawn: '{who} no longer asks to speak',
    granted: '{by} gave {who} the floor',
    granted_for: '{by} gave {who} the floor for {time}',
    denied: '{by} did not give {who} the floor',
    released: '{who} has finished speaking',
    revoked_chair: '{by} took the floor back from {who}',
    revoked_next: '{by} called on the next one, {who} has finished speaking',
    revoked_time: 'The time of {who} is up',
    revoked_removed: '{who} was removed and has the floor no more',
  },
  command: {
    'floor.request': 'asking to speak',
    'floor.withdraw': 'taking the request back',
    'floor.grant': 'giving the floor',
    'floor.deny': 'turning a request down',
    'floor.release': 'giving the floor back',
    'floor.revoke': 'taking the floor back',
  },
  entry: {
    'floor.requested': 'Asks to speak',
    'floor.withdrawn': 'Request withdrawn',
    'floor.granted': 'Given the floor',
    'floor.denied': 'Request denied',
    'floor.released': 'Finished speaking',
    'floor.revoked': 'Floor taken back',
  },
} satisfies Translated<typeof zh>
