/** Words of the evidence bundle with its recordings: fetched with its drawer; English. */
import type { Translated } from '../words'
import type zh from './recorded.zh'

export default {
  title: 'Evidence bundle with recordings',
  text: 'The same with all recorded files, in one ZIP of any size. It is made in the background, you may leave this page; taking it is noted in the audit.',
  none: 'Nothing was recorded of this meeting.',
  size: '{parts} recorded files, about {size} ({room} are free)',
  short: '{parts} recorded files take about {size}, and {room} are free: have room made, or download them one by one and verify them beside the bundle (--recordings).',
  press: 'Make the bundle with recordings',
  asking: 'Asking',
  until: 'Kept until {time}, then it is taken away; it can be made anew.',
  swept: 'The time of the last one is over, it was taken away.',
  problem: 'How far it is could not be read; trying again.',
} satisfies Translated<typeof zh>
