/** Words of the station's next meeting; they come with it. English. */
import type { Translated } from '../words'
import type zh from './station.zh'

export default {
  next: 'Next meeting', soon: 'Begins soon', off: 'Cancelled', left: 'in {minutes} min', now: 'about to begin', zone: ' ({zone})',
  who: 'chaired by {center} {name}', record: 'recorded', more: '{count} more', less: 'Less', note: 'Agenda', today: 'Today', tomorrow: 'Tomorrow', reason: 'Why: {reason}', itself: 'You are called by itself then; keep this page open',
} satisfies Translated<typeof zh>
