/** Words of participants that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  muteAll: { on: 'Mute all', off: 'Unmute all', does: 'Mute all but whoever is on the stage; again: unmute' },
  remove: {
    key: 'Remove',
    title: 'Remove {who}?',
    what: 'They leave the meeting and cannot come back by themselves. The reason goes into the record.',
    reason: 'Reason (optional)',
    confirm: 'Remove',
  },
  panel: { sum: 'Arrived {here} · missing {missing}', missingOnly: 'Missing only' },
  sentence: { muted: '{by} muted {who}', unmuted: '{by} let {who} speak', allMuted: '{by} muted everybody', allUnmuted: '{by} let everybody speak', removed: '{by} removed {who}' },
  entry: {
    'participant.muted': 'Muted',
    'participant.unmuted': 'Unmuted',
    'participant.all_muted': 'All muted',
    'participant.all_unmuted': 'All unmuted',
    'participant.removed': 'Removed',
  },
} satisfies Translated<typeof zh>
