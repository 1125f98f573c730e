/** How marks are told: at the moment they mean, each kind a shape of its own. */
import type { MarkKind } from '@/protocol/types'

import type { RecordPart, Shape } from '../contract'

const who = ({ center_name, name }: { center_name: string; name: string }): string => `${center_name} ${name}`

const SHAPES: Readonly<Record<MarkKind, Shape>> = {
  point: { d: 'M-4 -6h8v11l-4 -3l-4 3z', tone: 'warn', solid: true },
  quote: { d: 'M-6 -5h12v8h-6l-4 3v-3h-2z', tone: 'going', solid: false },
  task: { d: 'M-5 -5h10v10h-10z', inner: 'M-3 -3h6v6h-6z', tone: 'accent', solid: false },
  doubt: { d: 'M0 -6L6 5H-6z', tone: 'late', solid: false },
}

export default {
  entries: {
    'mark.added': {
      lane: 'marks',
      sentence: ({ data }) => ({ key: `review.sentence.added.${data.kind}`, words: { who: who(data.by) }, quote: data.text }),
      shape: ({ data }) => SHAPES[data.kind],
      moment: ({ data }) => data.at,
      subject: ({ data }) => data.mark,
    },
    'mark.changed': {
      lane: 'marks',
      sentence: ({ data }) => ({ key: `review.sentence.changed.${data.kind}`, words: { who: who(data.by) }, quote: data.text }),
      shape: ({ data }) => SHAPES[data.kind],
      moment: ({ data }) => data.at,
      subject: ({ data }) => data.mark,
    },
    'mark.withdrawn': {
      lane: 'marks',
      sentence: ({ data }) => ({ key: 'review.sentence.withdrawn', words: { who: who(data.by) }, quote: '' }),
      shape: { d: 'M-4 -4L4 4M4 -4L-4 4', tone: 'quiet', solid: false },
    },
  },
} satisfies RecordPart
