/** The registry (四实), as the HTTP API gives it. What is personal goes in bodies alone. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import { isRefusalBody, Refused, Unreachable } from './refusal'
import type { HouseholdChange, HouseholdHistory, HouseholdLooked, HouseholdMerge, HouseholdNew, HouseholdPage, HouseholdSeen, RegistryBuildings, RegistryCounted, RegistryExport, RegistryFound, RegistryImport, RegistryListAsked, RegistryListDraft, RegistryLoadAsked, RegistryMatch, RegistrySearch, UnsettledChange } from './types'

export type Caller = Pick<Api, 'call'>
/** What is asked for: one grid, or a village. */
export interface Where {
  grid?: string | undefined
  center?: string | undefined
}
const PAGE = 500
const of = (id: string): string => `/registry/households/${encodeURIComponent(id)}`
const draftOf = (id: string): string => `/registry/drafts/${encodeURIComponent(id)}`

/** A center and those right below it; of a village its grids. */
export async function readRegistryCounts(parent: string | undefined, api: Caller): Promise<RegistryCounted> {
  return api.call('GET', withQuery('/registry/counts', { parent }))
}

export async function readBuildings(where: Where, api: Caller): Promise<RegistryBuildings> {
  return api.call('GET', withQuery('/registry/buildings', { ...where }))
}

export async function readHouseholds(where: Where, cursor: string | undefined, api: Caller): Promise<HouseholdPage> {
  return api.call('GET', withQuery('/registry/households', { ...where, cursor, limit: PAGE }))
}

export async function readHousehold(id: string, api: Caller): Promise<HouseholdSeen> {
  return api.call('GET', of(id))
}

export async function readHistory(id: string, api: Caller): Promise<HouseholdHistory> {
  return api.call('GET', `${of(id)}/history`)
}

/** Changes that did not know of each other, and wait to be settled. */
export async function readUnsettled(where: Where, api: Caller): Promise<UnsettledChange[]> {
  return (await api.call<{ changes: UnsettledChange[] }>('GET', withQuery('/registry/unsettled', { ...where }))).changes
}

export async function findPersons(asked: Partial<RegistrySearch>, api: Caller): Promise<RegistryFound> {
  return api.call('POST', '/registry/search', asked)
}

/** See a household unmasked; the journal tells of it. */
export async function lookAt(id: string, api: Caller): Promise<HouseholdLooked> {
  return api.call('POST', `${of(id)}/look`, { history: false })
}

export async function registerHousehold(household: Partial<HouseholdNew> & Pick<HouseholdNew, 'id' | 'grid' | 'place'>, api: Caller): Promise<HouseholdSeen> {
  return api.call('POST', '/registry/households', household)
}

export async function changeHousehold(id: string, change: Partial<HouseholdChange> & Pick<HouseholdChange, 'id' | 'base'>, api: Caller): Promise<HouseholdSeen> {
  return api.call('PATCH', of(id), change)
}

/** `leave`, `back`, `unmerge`, `settle`, with what each asks for. */
export async function doToHousehold(id: string, what: 'leave' | 'back' | 'unmerge' | 'settle', body: Readonly<Record<string, unknown>>, api: Caller): Promise<HouseholdSeen> {
  return api.call('POST', `${of(id)}/${what}`, body)
}

export async function mergeHouseholds(id: string, merge: Partial<HouseholdMerge> & Pick<HouseholdMerge, 'id' | 'base' | 'other'>, api: Caller): Promise<HouseholdSeen> {
  return api.call('POST', `${of(id)}/merge`, merge)
}

export async function bringRegistry(file: Blob, api: Caller): Promise<RegistryListDraft> {
  return api.call('POST', '/registry/drafts', file)
}

export async function readRegistryDraft(id: string, api: Caller): Promise<RegistryListDraft> {
  return api.call('GET', draftOf(id))
}

export async function forgetRegistryDraft(id: string, api: Caller): Promise<void> {
  await api.call<undefined>('DELETE', draftOf(id))
}

export async function matchRegistry(id: string, asked: RegistryListAsked, api: Caller): Promise<RegistryMatch> {
  return api.call('POST', `${draftOf(id)}/match`, asked)
}

export async function loadRegistry(id: string, asked: RegistryLoadAsked, api: Caller): Promise<void> {
  await api.call('POST', `${draftOf(id)}/load`, asked)
}

/** Households as a file, covered unless `full`; the journal tells of it. */
export async function exportRegistry(asked: Partial<RegistryExport>): Promise<Blob> {
  let response: Response
  try {
    const headers = { 'content-type': 'application/json' }
    response = await fetch('/api/v1/registry/export', { method: 'POST', credentials: 'same-origin', headers, body: JSON.stringify(asked) })
    if (response.ok) return await response.blob()
  } catch (cause) {
    throw new Unreachable('the registry was not read to its end', { cause })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (isRefusalBody(body)) throw new Refused(body.error.code, body.error.message, body.error.field)
  throw new Unreachable(`the registry was not read: ${String(response.status)}`)
}

export async function readRegistryImports(api: Caller): Promise<RegistryImport[]> {
  return (await api.call<{ imports: RegistryImport[] }>('GET', '/registry/imports')).imports
}

export async function undoRegistryImport(batch: string, api: Caller): Promise<number> {
  return (await api.call<{ households: number }>('DELETE', `/registry/imports/${encodeURIComponent(batch)}`)).households
}
