/** Words of what all see: the broadcast; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  key: { on: 'Broadcast', off: 'Stop', stop: 'Stop broadcast' },
  own: { on: 'Broadcast me', off: 'Stop broadcasting me', needs: 'Open camera or microphone first' },
  does: 'Broadcast the selected one',
  lane: 'Stage',
  sentence: { on: '{by} put {who} on the stage', off: '{by} cleared the stage' },
  command: { 'stage.broadcast': 'broadcasting' },
  entry: { 'stage.broadcast': 'Broadcast' },
} satisfies Translated<typeof zh>
