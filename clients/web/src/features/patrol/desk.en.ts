/** Words of patrols that stand in the frame; what their pages show is fetched with them; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Patrol',
  missed: 'Missed today',
  command: { 'patrol.keep': 'Save a route', 'patrol.withdraw': 'Withdraw a route', 'patrol.open': 'Begin a round', 'patrol.take': 'Walk a round', 'patrol.check': 'Check a stop', 'patrol.interrupt': 'Leave off a round', 'patrol.end': 'End a round' },
} satisfies Translated<typeof zh>
