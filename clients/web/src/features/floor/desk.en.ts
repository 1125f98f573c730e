/** Words of floor that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  lane: 'Floor',
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
  entry: {
    'floor.requested': 'Asks to speak',
    'floor.withdrawn': 'Request withdrawn',
    'floor.granted': 'Given the floor',
    'floor.denied': 'Request denied',
    'floor.released': 'Finished speaking',
    'floor.revoked': 'Floor taken back',
  },
} satisfies Translated<typeof zh>
