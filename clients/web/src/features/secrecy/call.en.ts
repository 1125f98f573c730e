/** Words of levels of secrecy that only a meeting's own pages show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  lane: 'Secrecy',
  key: { raise: 'Make secret…', lower: 'Make normal…' },
  does: 'Secrecy: make the meeting secret, or normal again',
  sentence: { raised: '{who} made the meeting secret', lowered: '{who} made the meeting normal again' },
  raise: {
    title: 'Make the meeting secret',
    confirm: 'Make it secret',
    busy: 'Making it secret…',
    one: 'Only people who are cleared, and could see this meeting before, know of it from now on.',
    out: 'Whoever is in it and not cleared leaves at once, with sound and picture, and sees nothing of it any more.',
    left: 'Who is not cleared no longer sees the meeting, its recordings, minutes or hits; figures leave it out.',
    why: 'Why (optional)',
  },
  lower: {
    title: 'Make the meeting normal',
    confirm: 'Make it normal',
    busy: 'Making it normal…',
    one: 'Whoever may see meetings like this one sees all of it from now on: recordings, minutes and hits, too.',
    why: 'Why (stands in the journal)',
    missing: 'Say why',
  },
  keep: 'Leave it',
  command: { 'secrecy.raise': 'making a meeting secret', 'secrecy.lower': 'making a meeting normal' },
  entry: { 'secrecy.raised': 'Made secret', 'secrecy.lowered': 'Made normal' },
} satisfies Translated<typeof zh>
