/** Words of units that only a meeting's own pages show: the key, the record, names of commands and entries; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  key: 'Join meetings…',
  does: 'Join with meetings above and below',
  lane: 'Joined meetings',
  figure: 'Meetings joined',
  speaks: 'For “{title}”, {present} there',
  spoken: { called: 'The roll call of {center} calls this meeting', invited: '{center} invites this meeting', asked: 'The meeting of {center} asks to join', joined: 'Joined the meeting of {center}', left: 'No longer in the meeting above' },
  sentence: {
    invited: '{by} invited the meeting of {lower} into the meeting of {upper}',
    asked: '{by} asked that the meeting of {lower} joins the meeting of {upper}',
    declined: { refused: '{by} did not let the meeting of {lower} join the meeting of {upper}', withdrawn: '{by} took back that the meeting of {lower} joins the meeting of {upper}', ended: 'A meeting ended: the meeting of {lower} does not join the meeting of {upper}' },
    joined: 'The meeting of {lower} joined the meeting of {upper}, {chair} speaks for it ({by} agreed)',
    left: {
      upper: '{by} parted the meetings of {lower} and {upper}', lower: '{by} took the meeting of {lower} out of the meeting of {upper}', ended: 'A meeting ended: the meeting of {lower} left the meeting of {upper}',
      left: 'The chair of {lower} left: his meeting left the meeting of {upper}', removed: 'The chair of {lower} was removed: his meeting left the meeting of {upper}', chair: 'The meeting of {lower} has another chair, who cannot speak for it: it left the meeting of {upper}',
    },
    led: '{chair} now speaks for the meeting of {lower}', muted: '{by} muted the meeting of {lower}', unmuted: '{by} unmuted the meeting of {lower}', called: 'The roll call of {upper} calls the meeting of {lower}', recorded: 'The meeting of {upper} is recorded, the chair of {lower} in it', recordedOver: 'The meeting of {upper} is recorded no more', calledOver: 'The roll call of {upper} is past the meeting of {lower}',
  },
  command: { 'unit.invite': 'Invite a meeting', 'unit.ask': 'Ask to join the meeting above', 'unit.accept': 'Agree to join', 'unit.end': 'Part the meetings' },
  entry: {
    'unit.proposed': 'Joining proposed', 'unit.declined': 'Not joined', 'unit.joined': 'Joined as a unit', 'unit.left': 'Unit left', 'unit.led': 'Another chair of a unit', 'unit.muted': 'Muted by the meeting above', 'unit.called': 'Called by the meeting above', 'unit.recorded': 'Recorded by the meeting above', 'unit.counted': 'How many are in a unit',
  },
} satisfies Translated<typeof zh>
