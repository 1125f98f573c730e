/** Which meeting calls this center, and whether it rings: pure steps over the list of calls. */
import type { OpenCall } from '@/protocol/types'

/** A meeting that this station may be in. */
export interface Call {
  readonly id: string
  readonly title: string
  readonly kind: OpenCall['kind']
  readonly caller: string
  readonly callerCenter: string
  readonly openedAt: string
  /** When it rang last: a newer moment rings anew. */
  readonly rungAt: string
  /** That this center declined its last call, and why. */
  readonly declined: OpenCall['declined']
  /** Whether the meeting is recorded. */
  readonly recorded: boolean
  readonly drill: boolean
  readonly secret: boolean
}

export function callFrom(told: OpenCall): Call {
  return {
    id: told.id,
    title: told.title,
    kind: told.kind,
    caller: told.chair.name,
    callerCenter: told.chair.center_name,
    openedAt: told.opened_at,
    rungAt: told.rung_at,
    declined: told.declined,
    recorded: told.recording !== null,
    drill: told.drill === true,
    secret: told.level === 'secret',
  }
}

/** What the station remembers of its own wishes while the browser tab lives. */
export interface Wishes {
  /** The meeting that it is in, to come back to after a reload without ringing again. */
  readonly joined: string | null
  /** Calls that it declined or left, and the ring that was answered so: they stay on the page with a key, and are silent until they ring anew. */
  readonly silenced: Readonly<Record<string, string>>
  /** It muted itself in the meeting that it is in. */
  readonly muted?: boolean
}

export type Step = { readonly do: 'rejoin'; readonly call: Call } | { readonly do: 'ring'; readonly call: Call } | { readonly do: 'wait' }

const NOWHERE: ReadonlySet<string> = new Set()

/**
 * What to do with the open calls: come back into the own meeting, ring for a new one, or wait. `taken` are those that
 * this account is in from another machine: they are silent here, too.
 */
export function nextStep(calls: readonly Call[], wishes: Wishes, taken: ReadonlySet<string> = NOWHERE): Step {
  const own = calls.find((call) => call.id === wishes.joined)
  if (own) return { do: 'rejoin', call: own }
  const ringing = calls.find((call) => call.declined === null && (wishes.silenced[call.id] ?? '') < call.rungAt && !taken.has(call.id))
  return ringing ? { do: 'ring', call: ringing } : { do: 'wait' }
}

/** What a station offers of reasons; others may come from elsewhere. */
export const REASONS = ['handling', 'unattended', 'other'] as const

/** Whole seconds left of the countdown, or null where the station does not answer itself. */
export function secondsLeft(ringingSince: number, now: number, seconds: number): number | null {
  if (seconds === 0) return null
  return Math.min(seconds, Math.max(0, Math.ceil((ringingSince + seconds * 1000 - now) / 1000)))
}
