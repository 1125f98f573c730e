/** A wall of cameras: what stands in which cell, its tour a grid at a time, and how all of it stands in the address. Pure. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

import type { KeptWall, WallGrid } from '@/protocol/types'

export const GRIDS: readonly WallGrid[] = ['1', '4', '9', '16', '25']
/** Seconds that a grid of a tour stands. */
export const DWELLS = [5, 10, 15, 30, 60, 120] as const
/** More cameras than these stand in no address: such a wall is kept under a name. */
const MOST_NAMED = 64

export interface Wall {
  readonly grid: WallGrid
  /** By cell; of a tour all that it shows, in their order. What stands behind the last cell comes back with a larger grid. */
  readonly cameras: readonly (string | null)[]
  /** Of a tour: seconds that each grid stands. */
  readonly dwell: number | null
  /** The kept wall that it was begun from. */
  readonly kept: string | null
}

export const EMPTY: Wall = { grid: '4', cameras: [], dwell: null, kept: null }

export function countOf(grid: WallGrid): number {
  return Number(grid)
}
export function sideOf(grid: WallGrid): number {
  return Math.sqrt(countOf(grid))
}
export function gridFor(count: number): WallGrid {
  return GRIDS.find((grid) => countOf(grid) >= count) ?? '25'
}
export function camerasOf({ cameras }: Pick<Wall, 'cameras'>): string[] {
  return cameras.filter((one) => one !== null)
}
/** How many grids a tour has; a wall that stands still is one. */
export function pagesOf(wall: Wall): number {
  return wall.dwell === null ? 1 : Math.max(1, Math.ceil(camerasOf(wall).length / countOf(wall.grid)))
}
/** What stands in the cells, of a tour in its grid number `page` (from 0). */
export function cellsOf(wall: Wall, page = 0): (string | null)[] {
  const count = countOf(wall.grid)
  const from = wall.dwell === null ? 0 : (page % pagesOf(wall)) * count
  const shown = wall.dwell === null ? wall.cameras : camerasOf(wall)
  return Array.from({ length: count }, (_, at) => shown[from + at] ?? null)
}

/** Put it into this cell; if it stood in another, the two change places. */
export function put(wall: Wall, at: number, camera: string): Wall {
  const cameras = Array.from({ length: Math.max(countOf(wall.grid), wall.cameras.length) }, (_, cell) => wall.cameras[cell] ?? null)
  const before = cameras.indexOf(camera)
  if (before >= 0) cameras[before] = cameras[at] ?? null
  cameras[at] = camera
  return { ...wall, cameras }
}
/** Put it up: into the cell that is meant where that is empty, else into the first empty one, else in the place of what stands there. Where it stands then. */
export function putUp(wall: Wall, meant: number, camera: string): { wall: Wall; at: number } {
  if (wall.dwell !== null) {
    const all = camerasOf(wall)
    if (!all.includes(camera)) all.push(camera)
    return { wall: { ...wall, cameras: all }, at: all.indexOf(camera) % countOf(wall.grid) }
  }
  const cells = cellsOf(wall)
  const there = cells.indexOf(camera)
  if (there >= 0) return { wall, at: there }
  const empty = cells[meant] === null ? meant : cells.indexOf(null)
  const at = empty >= 0 ? empty : meant
  return { wall: put(wall, at, camera), at }
}
export function takeDown(wall: Wall, camera: string): Wall {
  return { ...wall, cameras: wall.dwell === null ? wall.cameras.map((one) => (one === camera ? null : one)) : camerasOf(wall).filter((one) => one !== camera) }
}
/** With other cells: who still has one keeps his place in the order. */
export function withGrid(wall: Wall, grid: WallGrid): Wall {
  if (wall.dwell !== null || countOf(grid) >= countOf(wall.grid)) return { ...wall, grid }
  // smaller: cameras before empty cells, so that none is hidden behind a hole
  const fits = camerasOf({ cameras: cellsOf(wall) })
  const rest = wall.cameras.slice(countOf(wall.grid)).filter((one) => one !== null)
  return { ...wall, grid, cameras: [...fits, ...rest] }
}
/** All these, one grid after the other where they are more than one. */
export function wallOf(cameras: readonly string[], dwell = 15): Wall {
  const grid = cameras.length > 16 ? '9' : gridFor(Math.max(1, cameras.length))
  return { grid, cameras, dwell: cameras.length > countOf(grid) ? dwell : null, kept: null }
}
export function fromKept(kept: KeptWall): Wall {
  return { grid: kept.grid, cameras: kept.cameras, dwell: kept.dwell_s, kept: kept.id }
}
/** What is kept of it: of a wall that stands still no more than its cells. */
export function toKept(wall: Wall): { grid: WallGrid; cameras: (string | null)[]; dwell_s: number | null } {
  const cameras = wall.dwell === null ? cellsOf(wall) : camerasOf(wall)
  const last = cameras.findLastIndex((one) => one !== null)
  return { grid: wall.grid, cameras: cameras.slice(0, last + 1), dwell_s: wall.dwell }
}
export function isSame(wall: Wall, kept: KeptWall): boolean {
  return JSON.stringify(toKept(wall)) === JSON.stringify({ grid: kept.grid, cameras: kept.cameras, dwell_s: kept.dwell_s })
}

// ---------------------------------------------------------------- the address

const CAMERA = /^ca_[0-9a-z]{18}$/
const KEPT = /^vw_[0-9a-z]{18}$/

function word(query: LocationQuery, name: string): string {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}
/** Undefined where the address says nothing of a wall; nonsense is passed over. */
export function wallIn(query: LocationQuery): Wall | undefined {
  const grid = GRIDS.find((one) => one === word(query, 'grid'))
  const named = word(query, 'cameras')
  const kept = word(query, 'wall')
  if (grid === undefined && named === '' && kept === '') return undefined
  const cameras = named === '' ? [] : named.split(',').map((one) => (CAMERA.test(one) ? one : null))
  const dwell = Number(word(query, 'dwell'))
  return { grid: grid ?? gridFor(Math.max(1, cameras.length)), cameras, dwell: Number.isInteger(dwell) && dwell >= 5 && dwell <= 600 ? dwell : null, kept: KEPT.test(kept) ? kept : null }
}
/** The other way round. A wall as it is kept is named by its id alone. */
export function queryOf(wall: Wall, kept: KeptWall | undefined, big: string | null): LocationQueryRaw {
  const one = big === null ? {} : { big }
  if (kept !== undefined && isSame(wall, kept)) return { wall: kept.id, ...one }
  const { cameras } = toKept(wall)
  if (cameras.length === 0) return { ...(wall.grid === EMPTY.grid ? {} : { grid: wall.grid }) }
  if (cameras.length > MOST_NAMED) return wall.kept === null ? one : { wall: wall.kept, ...one }
  return { grid: wall.grid, cameras: cameras.map((each) => each ?? '').join(','), ...(wall.dwell === null ? {} : { dwell: String(wall.dwell) }), ...(wall.kept === null ? {} : { wall: wall.kept }), ...one }
}
export function bigIn(query: LocationQuery): string | null {
  const big = word(query, 'big')
  return CAMERA.test(big) ? big : null
}

/** The cell that one comes to by an arrow key; the same where there is none. */
export function beside(grid: WallGrid, at: number, key: string): number {
  const side = sideOf(grid)
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: side, ArrowUp: -side }[key] ?? 0
  const to = at + step
  const leavesRow = Math.abs(step) === 1 && Math.floor(to / side) !== Math.floor(at / side)
  return to < 0 || to >= countOf(grid) || leavesRow ? at : to
}
