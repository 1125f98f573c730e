/** Words of what the chair does to somebody: mute, remove; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  mute: { on: 'Mute', off: 'Unmute', does: 'Mute the selected one' },
  remove: {
    key: 'Remove',
    title: 'Remove {who}?',
    what: 'They leave the meeting and cannot come back by themselves. The reason goes into the record.',
    reason: 'Reason (optional)',
    confirm: 'Remove',
  },
  figure: 'Arrived',
  tab: 'People',
  panel: { sum: 'Arrived {here} · missing {missing}', missingOnly: 'Missing only' },
  sentence: { muted: '{by} muted {who}', unmuted: '{by} let {who} speak', removed: '{by} removed {who}' },
  command: { 'participant.mute': 'muting', 'participant.unmute': 'unmuting', 'participant.remove': 'removing somebody' },
  entry: { 'participant.muted': 'Muted', 'participant.unmuted': 'Unmuted', 'participant.removed': 'Removed' },
} satisfies Translated<typeof zh>
