/** Names of entries about patrols; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  entry: { 'patrol.kept': 'Route saved', 'patrol.withdrawn': 'Route withdrawn', 'patrol.timed': 'Next round set', 'patrol.untimed': 'Next round unset', 'patrol.opened': 'Round begun', 'patrol.taken': 'Round taken', 'patrol.interrupted': 'Round left off', 'patrol.seen': 'Picture seen', 'patrol.checked': 'Stop checked', 'patrol.fell_due': 'Round late', 'patrol.ended': 'Round over' },
} satisfies Translated<typeof zh>
