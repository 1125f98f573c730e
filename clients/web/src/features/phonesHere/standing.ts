/** How a grid member's phone stands in a meeting, as one word and the seconds that are left. Pure. */
import type { PhoneSeat } from '@/protocol/types'

/** So long after a call began its phone ought to have said that it rings (s): before, it is being reached. */
const REACHING_S = 4
/** How long a phone is called (s), as the hub has it. */
const RING_S = 45

export type Standing = 'reaching' | 'silent' | 'rings' | 'in' | 'muted' | 'lost' | NonNullable<PhoneSeat['why']>

/** `sends`: whether anything of it reaches the hub now; `now`: ms since 1970. Undefined: it was never called. */
export function standingOf(seat: PhoneSeat, sends: boolean, now: number): { readonly word: Standing; readonly seconds: number } | undefined {
  if (seat.state === 'joined') return { word: sends ? (seat.muted ? 'muted' : 'in') : 'lost', seconds: 0 }
  if (seat.until === null) return seat.why === null ? undefined : { word: seat.why, seconds: 0 }
  const seconds = Math.min(RING_S, Math.max(0, Math.ceil((Date.parse(seat.until) - now) / 1000)))
  if (seat.rings) return { word: 'rings', seconds }
  return { word: RING_S - seconds < REACHING_S ? 'reaching' : 'silent', seconds }
}
