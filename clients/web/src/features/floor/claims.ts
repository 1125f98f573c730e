/** Who waits for the floor and who has it, from the rows as the hub tells them. */
import type { Claim } from '@/protocol/types'

export interface Held extends Claim {
  readonly id: string
}
export interface Floor {
  readonly speaker: Held | undefined
  /** The longest first. */
  readonly waiting: readonly Held[]
}

export function floorOf(rows: ReadonlyMap<string, Claim>): Floor {
  const all = [...rows].map(([id, claim]) => ({ ...claim, id }))
  return {
    speaker: all.find((one) => one.state === 'speaking'),
    waiting: all.filter((one) => one.state === 'waiting').sort((a, b) => a.place - b.place),
  }
}

/** ms that are left of the time that was given, also while it stands still; undefined for one without an end. `now`: ms since 1970, as the hub has it. */
export function left(claim: Pick<Claim, 'until' | 'left_ms'>, now: number): number | undefined {
  if (claim.left_ms !== null) return claim.left_ms
  return claim.until === null ? undefined : Math.max(0, Date.parse(claim.until) - now)
}

/** ms by which somebody is over his time. */
export function overtime(claim: Pick<Claim, 'until' | 'over'>, now: number): number | undefined {
  return claim.over && claim.until !== null ? Math.max(0, now - Date.parse(claim.until)) : undefined
}

/** From here on (ms) it is said that the time ends. */
export const SHORT_MS = 10_000

/** How the own claim became another one, as far as that must be said. */
export type News = '' | 'granted' | 'over' | 'refused'

/** `asked`: whether oneself has just taken it back; that need not be said. */
export function newsOf(before: Claim | undefined, after: Claim | undefined, asked: boolean): News {
  if (after?.state === 'speaking' && before?.state !== 'speaking') return 'granted'
  if (before === undefined || asked || (after !== undefined && after.state !== 'denied')) return ''
  if (before.state === 'denied') return ''
  return before.state === 'speaking' ? 'over' : 'refused'
}
