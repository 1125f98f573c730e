/** Words of looking at a center's cameras from anywhere; English. */
import type { Translated } from '../words'
import type zh from './look.zh'

export default {
  title: 'Cameras of {name}',
  list: 'Cameras',
  reading: 'Reading …',
  failed: 'Could not be read: {why}',
  again: 'Again',
  none: '{name} has no camera that you may watch.',
  noneHow: 'System administrators enter or import cameras; those of a center above can be shared with it.',
  gone: 'There is no such camera, or you may not see it.',
  important: 'Important',
  more: 'The first {count} are listed; find others on the wall.',
  states: { unknown: 'Not checked', ok: 'In order', away: 'Away', refused: 'Sign-in refused', silent: 'No picture', unplayable: 'Not playable' },
  picture: 'Picture',
  taking: 'Taking …',
  saved: 'A picture was made; it stands with those of {name}',
  wall: 'To the wall',
  page: 'Open',
  call: 'Call',
  callHint: 'Convene {name}: goes to Command, another press begins to call',
  close: 'Close',
  told: 'Looking calls nobody; who looked, and for how long, stands in the record.',
  taken: 'You watch cameras on another page; this one rests',
  here: 'Watch here',
  rests: 'Nobody saw this page for long: it takes no pictures',
} satisfies Translated<typeof zh>
