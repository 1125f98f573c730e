/** Words of what the chair does to somebody: mute, remove; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  mute: { on: 'Mute', off: 'Unmute', does: 'Mute the selected one' },
  figure: 'Arrived',
  tab: 'People',
  command: {
    'participant.mute': 'muting',
    'participant.unmute': 'unmuting',
    'participant.mute_all': 'muting all',
    'participant.unmute_all': 'unmuting all',
    'participant.remove': 'removing somebody',
  },
} satisfies Translated<typeof zh>
