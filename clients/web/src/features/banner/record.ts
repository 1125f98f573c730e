/** How it is told what was written over the pictures, and until when. */
import type { RecordPart } from '../contract'

const BAND = 'M-6 -2h12v5h-12z'

export default {
  lane: { name: 'banner', place: 27, says: 'banner.lane' },
  entries: {
    'banner.shown': {
      sentence: ({ data }, told) => ({
        key: `banner.sentence.${data.kind}.${data.centers === null ? 'all' : 'some'}`,
        words: { by: told.person(data.by.account), count: data.centers?.length ?? 0 },
        quote: data.text,
      }),
      shape: ({ data }) => ({ d: BAND, tone: data.style === 'warning' ? 'warn' : 'going', solid: true }),
      subject: ({ data }) => data.banner,
    },
    'banner.removed': {
      sentence: ({ actor, data }, told) => ({
        key: `banner.sentence.${data.kind}.${data.reason}`,
        words: { by: told.person(actor.account) },
        quote: data.text,
      }),
      shape: { d: BAND, tone: 'quiet', solid: false },
      subject: ({ data }) => data.banner,
    },
  },
} satisfies RecordPart
