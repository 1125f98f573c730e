/** Words of stage that only desks show; English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  lane: 'Stage',
  sentence: {
    on: '{by} put {who} on the stage',
    on_voice: 'By voice: {who} speaks and is on the stage',
    on_tour: 'By tour: {who} is on the stage',
    off: '{by} cleared the stage',
    view: '{by} showed {viewer} {who}',
    view_off: '{by} showed {viewer} the stage again',
    layout_all: '{by} sent several pictures ({grid}) to all',
    layout_wall: '{by} sent several pictures ({grid}) to the wall',
    layout_off: '{by} went back to one picture',
    locked: '{by} locked the stage',
    unlocked: '{by} unlocked the stage',
    voice: '{by} had voices followed',
    voice_off: '{by} stopped following voices',
    screen: '{by} has screen {screen} show several pictures ({grid})',
    screen_share: '{by} has screen {screen} show part {at}/{of} of the wall',
    screen_off: '{by} has screen {screen} follow the wall',
    second: '{who} shares a screen beside the speaker',
    second_off: '{by} took the second stream away',
  },
  entry: {
    'stage.broadcast': 'Broadcast',
    'stage.view': 'Selected view',
    'stage.layout': 'Layout',
    'stage.locked': 'Stage locked',
    'stage.unlocked': 'Stage unlocked',
    'stage.voice_followed': 'Voices followed',
    'stage.second': 'Second stream',
    'stage.screen': 'Screen of the wall',
    'layout.saved': 'Layout saved',
    'layout.removed': 'Layout removed',
  },
} satisfies Translated<typeof zh>
