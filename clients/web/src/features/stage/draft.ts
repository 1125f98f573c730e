/** A layout that is being put together: who stands in which cell. Pure; nothing of it is sent before its keys. */
import { countOf, type Grid } from '@/parts/mosaic/grids'
import type { CommandData, KeptLayout, Layout, Participant } from '@/protocol/types'

export interface Draft {
  readonly grid: Grid
  readonly cells: readonly (string | null)[]
  readonly plates: boolean
}

export type Wanted = NonNullable<CommandData['stage.layout']['layout']>

function cellsFor(grid: Grid, cells: readonly (string | null)[]): (string | null)[] {
  return Array.from({ length: countOf(grid) }, (_, at) => cells[at] ?? null)
}

export function emptyDraft(grid: Grid = '4'): Draft {
  return { grid, cells: cellsFor(grid, []), plates: true }
}

/** The same with another grid: who has room keeps his cell. */
export function withGrid(draft: Draft, grid: Grid): Draft {
  return { ...draft, grid, cells: cellsFor(grid, draft.cells) }
}

/** Somebody into a cell, or nobody; from another cell he goes, and who stood here takes his place. */
export function withCell(draft: Draft, at: number, who: string | null): Draft {
  const from = who === null ? -1 : draft.cells.indexOf(who)
  const here = draft.cells[at] ?? null
  return { ...draft, cells: draft.cells.map((one, place) => (place === at ? who : place === from ? here : one)) }
}

/** The cell to fill next: the first empty one behind this one, else this one. */
export function nextFree(draft: Draft, at: number): number {
  const behind = draft.cells.findIndex((who, place) => place > at && who === null)
  return behind < 0 ? at : behind
}

export function draftOf(layout: Layout): Draft {
  return { grid: layout.grid, cells: layout.cells, plates: layout.plates ?? true }
}

/** A kept layout names centers: the station of each stands there, else who came first; who has not come leaves the cell to itself. */
export function draftFrom(kept: Pick<KeptLayout, 'grid' | 'cells' | 'plates'>, here: readonly Pick<Participant, 'id' | 'center' | 'role'>[]): Draft {
  const seat = (code: string | null): string | null => {
    const people = code === null ? [] : here.filter((one) => one.center === code)
    return (people.find((one) => one.role === 'station') ?? people[0])?.id ?? null
  }
  return { grid: kept.grid, cells: cellsFor(kept.grid, kept.cells.map(seat)), plates: kept.plates }
}

/** By center, as it is kept; of two people of one center the first stands for it. */
export function centersOf(draft: Draft, centerOf: (who: string) => string | undefined): (string | null)[] {
  const seen = new Set<string>()
  return draft.cells.map((who) => {
    const code = who === null ? undefined : centerOf(who)
    if (code === undefined || seen.has(code)) return null
    seen.add(code)
    return code
  })
}

export function wanted(draft: Draft, to: 'all' | 'wall'): Wanted {
  return { grid: draft.grid, cells: [...draft.cells], to, plates: draft.plates }
}
