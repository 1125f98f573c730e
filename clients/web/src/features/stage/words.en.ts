/** Words of what all see: the broadcast; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  key: { on: 'Broadcast', off: 'Stop', stop: 'Stop broadcast' },
  own: { on: 'Broadcast me', off: 'Stop broadcasting me', needs: 'Open camera or microphone first' },
  does: 'Broadcast the selected one',
  command: { 'stage.broadcast': 'broadcasting' },
} satisfies Translated<typeof zh>
