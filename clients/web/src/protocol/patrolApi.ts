/** Patrols, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { PatrolFindings, PatrolRounds, PatrolRoundWhole, PatrolRoutes, PatrolRouteWhole, PatrolState, PatrolStatistics } from './types'

export type Caller = Pick<Api, 'call'>

/** What rounds are wanted. */
export interface RoundsQuery {
  /** `open`: those that can still be walked; states with commas. */
  state?: PatrolState | 'open' | 'missed,unfinished' | undefined
  /** Not done by their time. */
  late?: '1' | undefined
  /** In which something was found. */
  found?: '1' | undefined
  route?: string | undefined
  center?: string | undefined
  q?: string | undefined
  /** ISO 8601. */
  from?: string | undefined
  to?: string | undefined
  before?: string | undefined
  limit?: number | undefined
}
/** What findings are wanted. */
export interface FindingsQuery {
  /** What became of them. */
  made?: 'report' | 'incident' | 'order' | undefined
  route?: string | undefined
  center?: string | undefined
  q?: string | undefined
  /** ISO 8601. */
  from?: string | undefined
  to?: string | undefined
  before?: string | undefined
  limit?: number | undefined
}
/** Days: `2026-11-29`. */
export interface NumbersQuery {
  from?: string | undefined
  to?: string | undefined
  center?: string | undefined
}

export async function readRoutes(api: Caller, center?: string): Promise<PatrolRoutes> {
  return api.call('GET', withQuery('/patrol/routes', { center }))
}
export async function readRoute(api: Caller, route: string): Promise<PatrolRouteWhole> {
  return api.call('GET', `/patrol/routes/${encodeURIComponent(route)}`)
}
/** A page, newest first; `next` is the `before` of the following one. */
export async function readRounds(api: Caller, query: RoundsQuery = {}): Promise<PatrolRounds> {
  return api.call('GET', withQuery('/patrol/rounds', { ...query }))
}
/** What was found on rounds; `next` is the `before` of the following page. */
export async function readFindings(api: Caller, query: FindingsQuery = {}): Promise<PatrolFindings> {
  return api.call('GET', withQuery('/patrol/findings', { ...query }))
}
/** Where the ledgers are fetched as files. */
export function roundsFile(query: RoundsQuery, format: 'csv' | 'xlsx'): string {
  return `/api/v1${withQuery('/patrol/rounds/file', { ...query, format })}`
}
export function findingsFile(query: FindingsQuery, format: 'csv' | 'xlsx'): string {
  return `/api/v1${withQuery('/patrol/findings/file', { ...query, format })}`
}
export async function readRound(api: Caller, round: string): Promise<PatrolRoundWhole> {
  return api.call('GET', `/patrol/rounds/${encodeURIComponent(round)}`)
}
export async function readNumbers(api: Caller, query: NumbersQuery = {}): Promise<PatrolStatistics> {
  return api.call('GET', withQuery('/patrol/statistics', { ...query }))
}
/** Where the numbers are fetched as a file. */
export function numbersFile(query: NumbersQuery, format: 'csv' | 'xlsx'): string {
  return `/api/v1${withQuery('/patrol/statistics/file', { ...query, format })}`
}
