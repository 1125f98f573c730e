/** Words of stage that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  lane: 'Stage',
  sentence: { on: '{by} put {who} on the stage', off: '{by} cleared the stage' },
  entry: { 'stage.broadcast': 'Broadcast' },
} satisfies Translated<typeof zh>
