/** Words of one's own line that stations show at once; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  key: 'Line',
  relay: 'Relay',
  relayed: 'Connected over the relay: this network blocks UDP',
  stage: 'Sound only: no picture is shown',
} satisfies Translated<typeof zh>
