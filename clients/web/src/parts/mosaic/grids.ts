/** Several pictures beside each other: how the cells of each grid stand, what a viewer asks for to fill them. Pure. */
import { NEXT, type Layout, type Share, type SlotChoice, STAGE, type Stage } from '@/protocol/types'

export type Grid = Layout['grid']
export type Shape = Pick<Layout, 'grid' | 'cells' | 'plates'>

export const GRIDS: readonly Grid[] = ['1', '2', '1+5', '4', '9', '16', '25']
const COLUMNS: Readonly<Record<Grid, number>> = { '1': 1, '2': 2, '1+5': 3, '4': 2, '9': 3, '16': 4, '25': 5 }
const COUNT: Readonly<Record<Grid, number>> = { '1': 1, '2': 2, '1+5': 6, '4': 4, '9': 9, '16': 16, '25': 25 }

export function countOf(grid: Grid): number {
  return COUNT[grid]
}

/** How many cells stand beside each other, and below each other. */
export function sidesOf(grid: Grid): { columns: number; rows: number } {
  const columns = COLUMNS[grid]
  return { columns, rows: grid === '2' ? 1 : columns }
}

/** Where a cell stands, as CSS `grid-area`: row, column, and how far it goes. */
export function areaOf(grid: Grid, at: number): string {
  if (grid !== '1+5') {
    const { columns } = sidesOf(grid)
    return `${Math.floor(at / columns) + 1} / ${(at % columns) + 1}`
  }
  return ['1 / 1 / 3 / 3', '1 / 3', '2 / 3', '3 / 1', '3 / 2', '3 / 3'][at] ?? '1 / 1'
}

/** The cell that one comes to by an arrow key; the same where there is none. */
export function beside(grid: Grid, at: number, key: string): number {
  const { columns } = sidesOf(grid)
  if (grid === '1+5') {
    const next: Readonly<Record<string, readonly number[]>> = {
      ArrowRight: [1, 1, 2, 4, 5, 5],
      ArrowLeft: [0, 0, 0, 3, 3, 4],
      ArrowDown: [3, 2, 5, 3, 4, 5],
      ArrowUp: [0, 1, 1, 0, 0, 2],
    }
    return next[key]?.[at] ?? at
  }
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] ?? 0
  const to = at + step
  const leavesRow = Math.abs(step) === 1 && Math.floor(to / columns) !== Math.floor(at / columns)
  return to < 0 || to >= countOf(grid) || leavesRow ? at : to
}

/** Of these grids an empty first cell is for who is on the stage, and changes with him; other empty cells fill themselves, and stay. */
export function leads(grid: Grid): boolean {
  return grid === '1' || grid === '2' || grid === '1+5'
}

/** What a viewer asks for, one word a cell. */
export function wordsOf({ grid, cells }: Pick<Shape, 'grid' | 'cells'>): SlotChoice[] {
  return cells.map((who, at) => who ?? (at === 0 && leads(grid) ? STAGE : NEXT))
}

/** The first cells of a layout, where not all have room; in the smallest grid that holds them. */
export function cut(shape: Shape, most: number): Shape {
  if (shape.cells.length <= most) return shape
  const grid = gridFor(most)
  return { ...shape, grid, cells: shape.cells.slice(0, countOf(grid)) }
}

/** The largest square grid of at most so many cells. */
function gridFor(most: number): Grid {
  return (['16', '9', '4'] as const).find((grid) => countOf(grid) <= most) ?? '1'
}

/** The part of a layout that one of several screens shows: its cells in order, as many to each screen. */
export function shareOf(shape: Shape, { at, of }: Share): Shape {
  const each = Math.ceil(shape.cells.length / of)
  const cells = shape.cells.slice((at - 1) * each, at * each)
  const grid = (['1', '2', '4', '9', '16'] as const).find((one) => countOf(one) >= Math.max(1, cells.length)) ?? '25'
  return { ...shape, grid, cells: [...cells, ...Array.from({ length: countOf(grid) - cells.length }, () => null)] }
}

/** What somebody sees: several pictures or, with null, one; and whose screen stands beside them. */
export interface Seen {
  readonly shape: Shape | null
  readonly second: string | null
}

/** What the stage shows to `me`: who is shown something of his own sees that, in one picture. */
export function seenBy(stage: Stage | undefined, me: string): Seen {
  if (stage === undefined) return { shape: null, second: null }
  const own = stage.views[me] !== undefined
  const layout = own || stage.layout?.to !== 'all' ? null : stage.layout
  return { shape: layout, second: stage.second === me ? null : stage.second }
}
