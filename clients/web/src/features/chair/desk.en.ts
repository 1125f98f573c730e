/** Words of the chair's controls that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  palette: { lock: 'Lock the meeting', unlock: 'Unlock the meeting', pause: 'Pause the meeting', resume: 'Go on with the meeting', admit: 'Let in the {count} who wait', take: 'Take the chair', ask: 'Ask for the chair', extend: 'Extend the meeting by {minutes} minutes', end: 'Meeting' },
} satisfies Translated<typeof zh>
