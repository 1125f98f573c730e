/** How jobs are told: they come after the meeting, so they stand in the record and on no lane. */
import { durationText } from '@/parts/now'

import type { RecordPart, Sentence, Shape, Told } from '../contract'

const PLAIN: Shape = { d: 'M-5 -4h10v8h-10z', tone: 'quiet', solid: false }
/** Kinds that have sentences of their own. */
const KNOWN: readonly string[] = ['film', 'clip', 'picture', 'check', 'evidence', 'handover']
/** What a check of the files may find wrong. */
const FAULTS = ['changed', 'short', 'long', 'missing', 'open', 'orphans'] as const

type Facts = Readonly<Record<string, unknown>>
interface OfJob {
  readonly actor: { readonly account: string }
  readonly data: {
    readonly what: string
    readonly by?: { readonly center_name: string; readonly name: string } | null
    /** What was wanted, and what came of it. */
    readonly options?: Facts
    readonly told?: Facts
  }
}

const number = (facts: Facts, key: string): number => (typeof facts[key] === 'number' ? facts[key] : 0)

function sentence(how: 'asked' | 'done' | 'failed' | 'cancelled') {
  return ({ actor, data }: OfJob, told: Told): Sentence => {
    const facts = data.told ?? data.options ?? {}
    const at = (key: string): string => durationText(number(facts, key))
    const bad = FAULTS.reduce((sum, fault) => sum + number(facts, fault), 0)
    return {
      key: `jobs.${KNOWN.includes(data.what) ? data.what : 'other'}.${data.what === 'check' && bad > 0 ? 'bad' : how}`,
      words: {
        who: data.by ? `${data.by.center_name} ${data.by.name}` : told.person(actor.account),
        from: at('from_ms'),
        to: at('to_ms'),
        at: at('at_ms'),
        name: typeof facts['name'] === 'string' ? facts['name'] : '',
        whole: number(facts, 'whole'),
        bad,
      },
      quote: '',
    }
  }
}

export default {
  lane: { name: 'jobs', place: 75, says: 'jobs.lane', aside: true },
  entries: {
    'job.asked': { sentence: sentence('asked'), shape: PLAIN },
    'job.cancelled': { sentence: sentence('cancelled'), shape: PLAIN },
    'job.done': { sentence: sentence('done'), shape: PLAIN },
    'job.failed': { sentence: sentence('failed'), shape: PLAIN },
  },
} satisfies RecordPart
