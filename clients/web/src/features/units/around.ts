/** Which running meetings stand above and below one's own, and may be joined with it. Pure. */
import type { Level, Snapshot, Summary, Unit, Upper } from '@/protocol/types'

/** As the hub has it. */
export const MOST = 64
const LEVELS: readonly Level[] = ['city', 'county', 'township', 'village']

const rank = (level: Level): number => LEVELS.indexOf(level)

/** Running ones, drills for a drill alone: what a drill shows would pass for real. */
const others = (all: readonly Summary[], own: Snapshot): Summary[] =>
  all.filter((one) => one.state === 'open' && one.id !== own.id && (one.drill ?? false) === (own.drill ?? false))

/** Running ones of a higher level; the one that this meeting has joined, or may, stands by itself. */
export function above(all: readonly Summary[], own: Snapshot, upper: Upper | undefined): Summary[] {
  return others(all, own).filter((one) => one.id !== upper?.of?.meeting && rank(one.convener.level) < rank(own.convener.level))
}

/** Running ones of a lower level that have not joined and may not yet. */
export function below(all: readonly Summary[], own: Snapshot, units: ReadonlyMap<string, Unit>): Summary[] {
  return others(all, own).filter((one) => !units.has(one.id) && rank(one.convener.level) > rank(own.convener.level))
}

/** Whether somebody is in the meeting, but for no unit. */
export function isThere(own: Snapshot, account: string, units: ReadonlyMap<string, Unit>): boolean {
  const speaks = [...units.values()].some((one) => one.participant === account)
  return !speaks && own.participants.some((one) => one.id === account && one.state === 'joined')
}
