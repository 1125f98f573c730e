/** What all features bring to the big screen, put together. */
import type { Shown } from './contract'
import type { WallPart, WallPlace } from './wall.contract'

const PARTS = Object.values(import.meta.glob<WallPart>('./*/wall.ts', { eager: true, import: 'default' }))

export interface WallFurnished {
  readonly above: readonly Shown[]
  readonly below: readonly Shown[]
}

/** Call it once for a page, in its scope. */
export function furnishWall(place: WallPlace): WallFurnished {
  const all = PARTS.map((part) => part.wall(place))
  return { above: all.flatMap((one) => one.above ?? []), below: all.flatMap((one) => one.below ?? []) }
}
