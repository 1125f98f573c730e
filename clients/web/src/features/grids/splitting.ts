/** A split while it is put together: its parts, and which homes go to which. Pure. */
import type { GridHome } from '@/protocol/gridsApi'
import type { CommandData } from '@/protocol/types'

export interface Part {
  name: string
  planned: number
  /** Account of who walks it; empty for nobody yet. */
  member: string
}
export interface Building {
  readonly id: string
  readonly name: string
  readonly homes: readonly GridHome[]
}
/** Household -> number of its part; those that are not in here go with the rest. */
export type Placed = ReadonlyMap<string, number>

export const MOST_PARTS = 10

/** Homes by building, in the order of the walk. */
export function buildingsOf(homes: readonly GridHome[]): Building[] {
  const found = new Map<string, GridHome[]>()
  for (const home of homes) {
    const there = found.get(home.building)
    if (there === undefined) found.set(home.building, [home])
    else there.push(home)
  }
  return [...found].map(([id, all]) => ({ id, name: all[0]?.place[0] ?? '', homes: all }))
}

/** The part that all homes of a building are put to; undefined where they are not all in one. */
export function partOf(building: Building, placed: Placed, rest: number): number | undefined {
  const parts = new Set(building.homes.map((home) => placed.get(home.household) ?? rest))
  return parts.size === 1 ? [...parts][0] : undefined
}

export function put(placed: Placed, homes: readonly GridHome[], part: number): Placed {
  const next = new Map(placed)
  for (const home of homes) next.set(home.household, part)
  return next
}

/** Without a part: what was put there goes with the rest, and those behind it move up. */
export function without(placed: Placed, part: number): Placed {
  const next = new Map<string, number>()
  for (const [home, at] of placed) if (at !== part) next.set(home, at > part ? at - 1 : at)
  return next
}

/** How many homes each part gets. */
export function countsOf(parts: number, homes: readonly GridHome[], placed: Placed, rest: number): number[] {
  const counts = Array.from({ length: parts }, () => 0)
  for (const home of homes) {
    const at = placed.get(home.household) ?? rest
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}

/** What the hub is told. `keeps`: number of the part that goes on under the grid's code; -1 for none. */
export function commandOf(grid: string, parts: readonly Part[], placed: Placed, keeps: number, rest: number, leader: string | null): CommandData['grid.split'] {
  const into = parts.map((part, at) => ({
    grid: at === keeps ? grid : null,
    name: part.name.trim(),
    planned: part.planned,
    leader,
    members: part.member === '' ? [] : [part.member],
    // those of the rest need no naming: whatever is registered meanwhile stays with them
    households: at === rest ? [] : [...placed].filter(([, where]) => where === at).map(([home]) => home),
  }))
  return { grid, into, rest }
}
