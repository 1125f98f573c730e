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
  /** Of a wall that stands still: cells that tour by themselves. */
  readonly tours?: readonly CellTour[]
}
/** A cell that shows several cameras, one after the other. The first stands in `cameras` of the wall: where it goes, all go. */
export interface CellTour {
  readonly cameras: readonly string[]
  /** Seconds that each stands. */
  readonly dwell: number
}
const CELL_DWELL = 10
/** More cameras than these no cell has. */
const MOST_OF_CELL = 50

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
/** The tour of the cell in which this camera stands, or comes; undefined: it stands still. */
export function tourOf({ tours }: Pick<Wall, 'tours'>, camera: string | null): CellTour | undefined {
  return camera === null ? undefined : tours?.find((one) => one.cameras.includes(camera))
}
/** The camera by which a cell goes that shows this one. */
export function leadOf(wall: Pick<Wall, 'tours'>, camera: string): string {
  return tourOf(wall, camera)?.cameras[0] ?? camera
}
/** All cameras of a wall, those included that come in a cell. */
export function everyOf(wall: Pick<Wall, 'cameras' | 'tours'>): string[] {
  return camerasOf(wall).flatMap((one) => tourOf(wall, one)?.cameras ?? [one])
}
/** What a cell shows at this moment (ms). By the clock alone: all screens show the same, and a reload changes nothing. */
export function standsIn(wall: Pick<Wall, 'tours'>, lead: string | null, now: number): { camera: string | null; at: number; of: number; left: number } {
  const tour = tourOf(wall, lead)
  if (tour === undefined) return { camera: lead, at: 0, of: 1, left: Infinity }
  const seconds = now / 1000
  const at = Math.floor(seconds / tour.dwell) % tour.cameras.length
  return { camera: tour.cameras[at] ?? lead, at, of: tour.cameras.length, left: tour.dwell - (seconds % tour.dwell) }
}
function withTours(wall: Wall, tours: readonly CellTour[]): Wall {
  const { tours: _, ...rest } = wall
  const stand = new Set(camerasOf(wall))
  const left = tours.filter((one) => one.cameras.length > 1 && stand.has(one.cameras[0] ?? ''))
  return left.length === 0 || wall.dwell !== null ? rest : { ...rest, tours: left }
}
/** The camera comes in this cell, too, after the others; from where it was before it is gone. */
export function joinCell(wall: Wall, cell: string, camera: string, dwell = CELL_DWELL): Wall {
  const lead = leadOf(wall, cell)
  const before = tourOf(wall, lead)
  if (lead === camera || wall.dwell !== null || before?.cameras.includes(camera) === true || (before?.cameras.length ?? 1) >= MOST_OF_CELL) return wall
  const without = leaveCell(wall, camera)
  const others = (without.tours ?? []).filter((one) => one.cameras[0] !== lead)
  return withTours(without, [...others, { cameras: [...(before?.cameras ?? [lead]), camera], dwell: before?.dwell ?? dwell }])
}
/** The camera comes nowhere any more; the others of its cell stay, in its place. */
export function leaveCell(wall: Wall, camera: string): Wall {
  const tour = tourOf(wall, camera)
  const rest = tour?.cameras.filter((one) => one !== camera) ?? []
  const lead = rest[0] ?? null
  const cameras = wall.cameras.map((one) => (one === camera ? lead : one))
  const tours = (wall.tours ?? []).map((one) => (one === tour ? { ...one, cameras: rest } : one))
  return withTours({ ...wall, cameras }, tours)
}
/** Each camera of this cell stands so long (seconds). */
export function paceOf(wall: Wall, cell: string, dwell: number): Wall {
  const tour = tourOf(wall, cell)
  return withTours(wall, (wall.tours ?? []).map((one) => (one === tour ? { ...one, dwell } : one)))
}
/** The whole wall tours, or stands still: what came in cells comes with all the others then. */
export function withDwell(wall: Wall, dwell: number | null): Wall {
  if (dwell === null) return { ...wall, dwell }
  return withTours({ ...wall, dwell, cameras: wall.tours === undefined ? wall.cameras : everyOf(wall) }, [])
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

/** Put it, and what comes in its cell, into this one; if it stood in another, the two change places. */
export function put(wall: Wall, at: number, camera: string): Wall {
  const cameras = Array.from({ length: Math.max(countOf(wall.grid), wall.cameras.length) }, (_, cell) => wall.cameras[cell] ?? null)
  const lead = leadOf(wall, camera)
  const before = cameras.indexOf(lead)
  if (before >= 0) cameras[before] = cameras[at] ?? null
  cameras[at] = lead
  return withTours({ ...wall, cameras }, wall.tours ?? [])
}
/** Put it up: into the cell that is meant where that is empty, else into the first empty one, else in the place of what stands there. Where it stands then. */
export function putUp(wall: Wall, meant: number, camera: string): { wall: Wall; at: number } {
  if (wall.dwell !== null) {
    const all = camerasOf(wall)
    if (!all.includes(camera)) all.push(camera)
    return { wall: { ...wall, cameras: all }, at: all.indexOf(camera) % countOf(wall.grid) }
  }
  const cells = cellsOf(wall)
  const there = cells.indexOf(leadOf(wall, camera))
  if (there >= 0) return { wall, at: there }
  const empty = cells[meant] === null ? meant : cells.indexOf(null)
  const at = empty >= 0 ? empty : meant
  return { wall: put(wall, at, camera), at }
}
export function takeDown(wall: Wall, camera: string): Wall {
  const left: Wall = { ...wall, cameras: wall.dwell === null ? wall.cameras.map((one) => (one === camera ? null : one)) : camerasOf(wall).filter((one) => one !== camera) }
  return withTours(left, wall.tours ?? [])
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
  const wall: Wall = { grid: kept.grid, cameras: kept.cameras, dwell: kept.dwell_s, kept: kept.id }
  return withTours(wall, kept.cells.map((one) => ({ cameras: one.cameras, dwell: one.dwell_s })))
}
/** What is kept of it: of a wall that stands still no more than its cells. */
export function toKept(wall: Wall): Pick<KeptWall, 'grid' | 'cameras' | 'dwell_s' | 'cells'> {
  const cameras = wall.dwell === null ? cellsOf(wall) : camerasOf(wall)
  const last = cameras.findLastIndex((one) => one !== null)
  const cells = cameras.flatMap((one) => tourOf(wall, one) ?? []).map((one) => ({ cameras: [...one.cameras], dwell_s: one.dwell }))
  return { grid: wall.grid, cameras: cameras.slice(0, last + 1), dwell_s: wall.dwell, cells }
}
export function isSame(wall: Wall, kept: KeptWall): boolean {
  return JSON.stringify(toKept(wall)) === JSON.stringify(toKept(fromKept(kept)))
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
  const wall: Wall = { grid: grid ?? gridFor(Math.max(1, cameras.length)), cameras, dwell: Number.isInteger(dwell) && dwell >= 5 && dwell <= 600 ? dwell : null, kept: KEPT.test(kept) ? kept : null }
  return word(query, 'cells').split(',').map(tourIn).reduce((to, tour) => (tour === undefined || !camerasOf(to).includes(tour.cameras[0] ?? '') ? to : tour.cameras.slice(1).reduce((on, camera) => (everyOf(on).includes(camera) ? on : joinCell(on, tour.cameras[0] ?? '', camera, tour.dwell)), to)), wall)
}
/** `ca_1.ca_2~10`: these, for ten seconds each. */
function tourIn(text: string): CellTour | undefined {
  const [named = '', seconds = ''] = text.split('~')
  const cameras = named.split('.').filter((one) => CAMERA.test(one))
  const dwell = Number(seconds)
  return cameras.length > 1 && Number.isInteger(dwell) && dwell >= 5 && dwell <= 600 ? { cameras, dwell } : undefined
}
/** The other way round. A wall as it is kept is named by its id alone. */
export function queryOf(wall: Wall, kept: KeptWall | undefined, big: string | null): LocationQueryRaw {
  const one = big === null ? {} : { big }
  if (kept !== undefined && isSame(wall, kept)) return { wall: kept.id, ...one }
  const { cameras, cells } = toKept(wall)
  if (cameras.length === 0) return { ...(wall.grid === EMPTY.grid ? {} : { grid: wall.grid }) }
  if (Math.max(cameras.length, everyOf(wall).length) > MOST_NAMED) return wall.kept === null ? one : { wall: wall.kept, ...one }
  return { grid: wall.grid, cameras: cameras.map((each) => each ?? '').join(','), ...(wall.dwell === null ? {} : { dwell: String(wall.dwell) }), ...(cells.length === 0 ? {} : { cells: cells.map((one) => `${one.cameras.join('.')}~${String(one.dwell_s)}`).join(',') }), ...(wall.kept === null ? {} : { wall: wall.kept }), ...one }
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
