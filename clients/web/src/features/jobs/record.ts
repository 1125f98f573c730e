/** How jobs are told: they come after the meeting, so they stand in the record and on no lane. */
import type { RecordPart, Sentence, Shape, Told } from '../contract'

const PLAIN: Shape = { d: 'M-5 -4h10v8h-10z', tone: 'quiet', solid: false }
/** Kinds that have sentences of their own. */
const KNOWN: readonly string[] = ['film']

interface OfJob {
  readonly actor: { readonly account: string }
  readonly data: { readonly what: string; readonly by?: { readonly center_name: string; readonly name: string } | null }
}

function sentence(how: 'asked' | 'done' | 'failed' | 'cancelled') {
  return ({ actor, data }: OfJob, told: Told): Sentence => ({
    key: `jobs.${KNOWN.includes(data.what) ? data.what : 'other'}.${how}`,
    words: { who: data.by ? `${data.by.center_name} ${data.by.name}` : told.person(actor.account) },
    quote: '',
  })
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
