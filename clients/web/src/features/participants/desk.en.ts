/** Words of participants that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  muteAll: { on: 'Mute all', off: 'Unmute all', does: 'Mute all but whoever is on the stage; again: unmute' },
  remove: {
    key: 'Remove',
    title: 'Remove {who}?',
    what: 'They leave the meeting and cannot come back before they are called again. The reason goes into the record.',
    reason: 'Reason (optional)',
    confirm: 'Remove',
  },
  figureMore: 'Centers arrived {here}/{all} · {people} people',
  panel: {
    sum: 'Centers arrived {here}/{all}', people: '{count} person | {count} people', missingOnly: 'Missing only', again: 'Call again', againOf: 'Call {who} again', calling: 'Calling…',
    absent: 'Call all {count} missing again', further: 'Call the {count} chosen, too', furtherHint: 'Choose the centers at the left', level: { county: 'Call all counties, too', township: 'Call all townships, too' },
    times: 'called {count} time | called {count} times', since: 'since {time}', nobody: 'Nobody is missing', full: 'All arrived, after {time}', select: 'Select {who}',
  },
  sentence: { muted: '{by} muted {who}', unmuted: '{by} let {who} speak', allMuted: '{by} muted everybody', allUnmuted: '{by} let everybody speak', removed: '{by} removed {who}' },
  entry: {
    'participant.muted': 'Muted',
    'participant.unmuted': 'Unmuted',
    'participant.all_muted': 'All muted',
    'participant.all_unmuted': 'All unmuted',
    'participant.removed': 'Removed',
  },
} satisfies Translated<typeof zh>
