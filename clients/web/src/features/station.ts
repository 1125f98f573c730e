/** What all features bring to the station's page, put together. */
import type { Shown, StationDesk, StationKey, StationPane, StationPart } from './contract'

const PARTS = Object.values(import.meta.glob<StationPart>('./*/station.ts', { eager: true, import: 'default' }))

export interface StationFurnished {
  readonly keys: () => readonly StationKey[]
  readonly panes: (where: StationPane['where']) => readonly Shown[]
  readonly strips: readonly Shown[]
  readonly over: readonly Shown[]
  readonly onStage: readonly Shown[]
  readonly waiting: () => number
}

/** Call it once for a page, in its scope. */
export function furnishStation(desk: StationDesk): StationFurnished {
  const all = PARTS.map((part) => part.station(desk))
  const panes = all.flatMap((one) => one.panes ?? []).sort((a, b) => a.place - b.place)
  return {
    keys: () => all.flatMap((one) => one.keys?.() ?? []).sort((a, b) => a.place - b.place),
    panes: (where) => panes.filter((one) => one.where === where).map((one) => one.pane),
    strips: all.flatMap((one) => one.strip ?? []),
    over: all.flatMap((one) => one.over ?? []),
    onStage: all.flatMap((one) => one.onStage ?? []),
    waiting: () => all.reduce((sum, one) => sum + (one.waiting?.() ?? 0), 0),
  }
}
