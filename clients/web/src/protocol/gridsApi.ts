/** Grids, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { GridCounts, GridGiven, GridImport, GridPage, GridsGiven, GridsPreview, GridWhole, GridWorkers } from './types'

export type Caller = Pick<Api, 'call'>
export const PAGE = 100

/** What grids are wanted. */
export interface GridQuery {
  /** Of this center and those below it. */
  center?: string | undefined
  q?: string | undefined
  /** In which nobody works. */
  unassigned?: '1' | undefined
  /** Also those that are no more. */
  ended?: '1' | undefined
  /** Brought with this list. */
  batch?: string | undefined
  after?: string | undefined
  limit?: number | undefined
}

export async function readGrids(query: GridQuery, api: Caller): Promise<GridPage> {
  return api.call('GET', withQuery('/grids', { limit: PAGE, ...query }))
}

/** Lists of the last day that brought grids, the newest first. */
export async function readGridImports(api: Caller): Promise<GridImport[]> {
  return (await api.call<{ imports: GridImport[] }>('GET', '/grids/imports')).imports
}

/** Code -> village of the grids that a list brought, and that are there still. */
export async function readBrought(batch: string, api: Caller): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let after: string | undefined
  do {
    const page = await readGrids({ batch, after, limit: 500 }, api)
    for (const one of page.grids) found.set(one.grid, one.village)
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}

/** The grids to which a list gave other people, with who worked there before. */
export async function readGiven(batch: string, api: Caller): Promise<GridGiven[]> {
  const found: GridGiven[] = []
  let after: string | undefined
  do {
    const page = await api.call<GridsGiven>('GET', withQuery(`/grids/imports/${encodeURIComponent(batch)}/people`, { after, limit: 500 }))
    found.push(...page.people)
    after = page.next ?? undefined
  } while (after !== undefined)
  return found
}

export async function readGrid(code: string, api: Caller): Promise<GridWhole> {
  return api.call('GET', `/grids/${encodeURIComponent(code)}`)
}

/** By the centers right below one; without one, below one's own. */
export async function readGridCounts(parent: string | undefined, api: Caller): Promise<GridCounts> {
  return api.call('GET', withQuery('/grids/counts', { parent }))
}

/** Who can work in the grids of a village: for who keeps them. */
export async function readGridWorkers(village: string, api: Caller): Promise<GridWorkers> {
  return api.call('GET', withQuery('/grids/people', { village }))
}

/** A household as a split needs it: which, and where it lives. */
export interface GridHome {
  readonly household: string
  readonly building: string
  /** Words of the place, the building's first. */
  readonly place: readonly string[]
}
/** So many a grid may have before it is no longer read whole. */
const MOST_HOMES = 2_000

/** The households of a grid in the order of the walk, all of them. */
export async function readHomes(grid: string, api: Caller): Promise<GridHome[]> {
  const found: GridHome[] = []
  let cursor: string | undefined
  do {
    const page = await api.call<{ households: GridHome[]; next: string | null }>('GET', withQuery('/registry/households', { grid, cursor }))
    found.push(...page.households)
    cursor = page.next ?? undefined
  } while (cursor !== undefined && found.length < MOST_HOMES)
  return found
}

/** Which people and grids a list would bring; nothing is made yet. */
export async function lookAtGrids(file: Blob, api: Caller): Promise<GridsPreview> {
  return api.call('POST', '/grids/import', file)
}
