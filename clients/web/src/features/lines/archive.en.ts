/** Words of what the line of each was like, on the page of one meeting in the archive; English. */
import type { Translated } from '../words'
import type zh from './archive.zh'

export default {
  lane: 'Lines',
  lost: '{name}: packets lost, picture or sound with gaps {from}–{to}',
  silent: '{name}: neither picture nor sound came {from}–{to}',
  again: '{name}: cut off and back {from}–{to}',
  many: '{lost} of {of} cut off at once {from}–{to}',
} satisfies Translated<typeof zh>
