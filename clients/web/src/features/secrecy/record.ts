/** How another level of secrecy is told in the record. */
import type { Author } from '@/protocol/types'

import type { RecordPart, Sentence, Shape } from '../contract'

const SHIELD = 'M0 -5l4.5 1.8v3.2c0 2.7-1.9 4.3-4.5 5.3c-2.6-1-4.5-2.6-4.5-5.3v-3.2z'
const changed = (says: 'raised' | 'lowered', tone: Shape['tone'], solid: boolean) => ({
  sentence: ({ data: { by, reason } }: { data: { by: Author; reason: string } }): Sentence => ({ key: `secrecy.sentence.${says}`, words: { who: `${by.center_name} ${by.name}` }, quote: reason }),
  shape: { d: SHIELD, tone, solid },
})

export default {
  lane: { name: 'secrecy', place: 98, says: 'secrecy.lane' },
  entries: {
    'secrecy.raised': changed('raised', 'accent', true),
    'secrecy.lowered': changed('lowered', 'quiet', false),
  },
} satisfies RecordPart
