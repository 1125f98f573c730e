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
  /** Whether the meeting is recorded. */
  readonly recorded: boolean
}

export function callFrom(told: OpenCall): Call {
  return {
    id: told.id,
    title: told.title,
    kind: told.kind,
    caller: told.chair.name,
    callerCenter: told.chair.center_name,
    openedAt: told.opened_at,
    recorded: told.recording !== null,
  }
}

/** What the station remembers of its own wishes while the browser tab lives. */
export interface Wishes {
  /** The meeting that it is in, to come back to after a reload without ringing again. */
  readonly joined: string | null
  /** Calls that it declined or left: they stay on the page with a key, and are silent. */
  readonly silenced: readonly string[]
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
  const ringing = calls.find((call) => !wishes.silenced.includes(call.id) && !taken.has(call.id))
  return ringing ? { do: 'ring', call: ringing } : { do: 'wait' }
}

/** Seconds until the station answers itself; 0 means never. What the page offers. */
export const AUTO_ANSWER_CHOICES = [0, 5, 15, 30] as const
export const AUTO_ANSWER_DEFAULT = 15

/** The setting as it was stored, or the default when nothing sensible stands there. */
export function autoAnswerSeconds(stored: string | null): number {
  const value = stored === null ? NaN : Number(stored)
  return (AUTO_ANSWER_CHOICES as readonly number[]).includes(value) ? value : AUTO_ANSWER_DEFAULT
}

/** Whole seconds left of the countdown, or null where the station does not answer itself. */
export function secondsLeft(ringingSince: number, now: number, seconds: number): number | null {
  if (seconds === 0) return null
  return Math.max(0, Math.ceil((ringingSince + seconds * 1000 - now) / 1000))
}
