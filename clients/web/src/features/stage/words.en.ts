/** Words of what all see: the broadcast; English. */
import type { Translated } from '../words'
import type zh from './words.zh'

export default {
  key: { on: 'Broadcast', off: 'Stop', stop: 'Stop broadcast' },
  own: { on: 'Broadcast me', off: 'Stop broadcasting me', needs: 'Open camera or microphone first' },
  cell: { empty: 'Waiting for somebody', noPicture: 'No picture', ownOff: 'Your camera is off', self: 'The account of this wall itself is not shown here' },
  shared: { all: 'seen by all, beside the speaker', asked: 'seen by who picks it' },
  does: 'Broadcast the selected one',
  command: {
    'stage.broadcast': 'broadcasting',
    'stage.view': 'showing',
    'stage.layout': 'laying out',
    'stage.lock': 'locking the stage',
    'stage.follow_voice': 'following voices',
    'stage.share': 'sharing the screen',
    'stage.unshare': 'ending the second stream',
    'stage.screen': 'setting the screen',
    'layout.save': 'saving the layout',
    'layout.remove': 'removing the layout',
  },
} satisfies Translated<typeof zh>
