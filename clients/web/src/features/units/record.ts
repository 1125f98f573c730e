/** How it is told that meetings joined others, parted, and what came down to them from above. */
import type { Author } from '@/protocol/types'

import type { RecordPart } from '../contract'

const LINKED = 'M-5 -4h4v4h-4zM1 0h4v4h-4zM-1 -2h4v2'
const PARTED = 'M-5 -4h4v4h-4zM1 0h4v4h-4z'

const named = (by: Author): string => `${by.center_name} ${by.name}`
const between = ({ upper, lower }: { upper: { center_name: string }; lower: { center_name: string } }): { upper: string; lower: string } => ({ upper: upper.center_name, lower: lower.center_name })
const person = (by: Author): { id: string; name: string; center: string; center_name: string } => ({ id: by.account, name: by.name, center: by.center, center_name: by.center_name })

export default {
  lane: { name: 'units', place: 22, says: 'units.lane' },
  entries: {
    'unit.proposed': {
      sentence: ({ data }) => ({ key: `units.sentence.${data.state}`, words: { ...between(data), by: named(data.by) }, quote: data.state === 'invited' ? data.upper.title : data.lower.title }),
      shape: { d: LINKED, tone: 'quiet', solid: false },
    },
    'unit.declined': {
      sentence: ({ data }) => ({ key: `units.sentence.declined.${data.reason}`, words: { ...between(data), by: data.by === null ? '' : named(data.by) }, quote: data.why }),
      shape: { d: PARTED, tone: 'quiet', solid: false },
    },
    'unit.joined': {
      sentence: ({ data }) => ({ key: 'units.sentence.joined', words: { ...between(data), by: named(data.by), chair: `${data.chair.center_name} ${data.chair.name}` }, quote: '' }),
      shape: { d: LINKED, tone: 'accent', solid: true },
    },
    'unit.left': {
      sentence: ({ data }) => ({ key: `units.sentence.left.${data.reason}`, words: { ...between(data), by: data.by === null ? '' : named(data.by) }, quote: data.why }),
      shape: ({ data }) => ({ d: PARTED, tone: data.reason === 'upper' || data.reason === 'lower' ? 'quiet' : 'warn', solid: false }),
    },
    'unit.led': {
      sentence: ({ data }) => ({ key: 'units.sentence.led', words: { ...between(data), chair: `${data.chair.center_name} ${data.chair.name}` }, quote: '' }),
      shape: { d: LINKED, tone: 'quiet', solid: false },
    },
    'unit.muted': {
      sentence: ({ data }, told) => ({ key: data.muted ? 'units.sentence.muted' : 'units.sentence.unmuted', words: { ...between(data), by: data.by === null ? told.person('system') : named(data.by) }, quote: '' }),
      shape: ({ data }) => ({ d: LINKED, tone: data.muted ? 'warn' : 'good', solid: false }),
    },
    'unit.called': {
      sentence: ({ data }) => ({ key: data.called ? 'units.sentence.called' : 'units.sentence.calledOver', words: between(data), quote: '' }),
      shape: ({ data }) => ({ d: LINKED, tone: data.called ? 'going' : 'quiet', solid: false }),
      quiet: true,
    },
    'unit.recorded': {
      sentence: ({ data }) => ({ key: data.recorded ? 'units.sentence.recorded' : 'units.sentence.recordedOver', words: between(data), quote: '' }),
      shape: { d: LINKED, tone: 'quiet', solid: false },
      quiet: true,
    },
    'unit.counted': { untold: 'how many are in a unit stands in its row, and who came and went in the record of its own meeting' },
  },
  learn(learner, entry) {
    // who did something in the meeting above has no seat in the one below, where it is written, too
    if (entry.kind === 'unit.proposed' || entry.kind === 'meeting.paused' || entry.kind === 'banner.shown') learner.person(person(entry.data.by))
    else if (entry.kind === 'unit.joined') {
      learner.person(person(entry.data.by))
      learner.person(entry.data.chair)
    } else if ((entry.kind === 'unit.left' || entry.kind === 'unit.declined' || entry.kind === 'unit.muted') && entry.data.by !== null) learner.person(person(entry.data.by))
    else if (entry.kind === 'unit.led') learner.person(entry.data.chair)
  },
} satisfies RecordPart
