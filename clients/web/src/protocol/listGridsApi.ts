/** How rows of lists of people lie with grids, as the HTTP API gives it. Each call raises Refused or Unreachable. */
import { withQuery } from './api'
import { type Caller, listPath } from './clearingsApi'
import type { HouseholdAsked, ListGrids, RowGiven, UnsureRows } from './types'

/** How the rows of a center, and of all below it, lie with grids. */
export async function readListGrids(api: Caller, id: string, center: string): Promise<ListGrids> {
  return api.call('GET', withQuery(`${listPath(id)}/grids`, { center }))
}

/** Look for rows in the registry, give out what was found, or end either; the answer says how far it is. */
export async function moveListGrids(api: Caller, id: string, step: 'search' | 'share' | 'stop', center: string): Promise<ListGrids> {
  return api.call('POST', `${listPath(id)}/grids/${step}`, { center })
}

/** Rows that several persons of the registry may be meant by. */
export async function readCandidates(api: Caller, id: string, center: string, after = 0): Promise<UnsureRows> {
  return api.call('GET', withQuery(`${listPath(id)}/candidates`, { center, after }))
}

/** Say whom a row is about; null: none of them. */
export async function decideRow(api: Caller, id: string, row: number, asked: HouseholdAsked): Promise<RowGiven> {
  return api.call('POST', `${listPath(id)}/rows/${String(row)}/household`, asked)
}
