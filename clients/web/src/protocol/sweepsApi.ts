/** Sweeps (排查), as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { FormReady, SweepAsked, SweepBoard, SweepCounts, SweepOpening, SweepPage, SweepRows, Visits } from './types'

export type Caller = Pick<Api, 'call'>
const PAGE = 50
const of = (id: string): string => `/sweeps/${encodeURIComponent(id)}`

/** Outcomes by which rows are chosen. */
export type RowChoice = 'left' | 'open' | 'met' | 'phone' | 'absent' | 'refused' | 'gone' | 'handed' | 'conflict'

/** Newest first; `next` is the `before` of the following page. */
export async function readSweeps(api: Caller, before?: string): Promise<SweepPage> {
  return api.call('GET', withQuery('/sweeps', { before, limit: PAGE }))
}

/** Forms that are ready to be used. */
export async function readForms(api: Caller): Promise<FormReady[]> {
  return (await api.call<{ forms: FormReady[] }>('GET', '/sweeps/forms')).forms
}

export async function openSweep(api: Caller, asked: SweepAsked): Promise<SweepOpening> {
  return api.call('POST', '/sweeps', asked)
}

/** What stands next below `parent`; without one, below where one begins to look. */
export async function readSweepBoard(api: Caller, id: string, parent?: string): Promise<SweepBoard> {
  return api.call('GET', withQuery(`${of(id)}/board`, { parent }))
}

/** Address of the board as a file. */
export function sweepBoardFile(id: string, query: { parent?: string | undefined; format: 'csv' | 'xlsx'; lang: 'zh' | 'en' }): string {
  return `/api/v1${withQuery(`${of(id)}/board/file`, query)}`
}

export async function readSweepRows(api: Caller, id: string, query: { center?: string | undefined; grid?: string | undefined; outcome?: RowChoice | undefined; after?: number | undefined }): Promise<SweepRows> {
  return api.call('GET', withQuery(`${of(id)}/rows`, { ...query, limit: 100 }))
}

/** All visits of a row. */
export async function readVisits(api: Caller, id: string, row: number): Promise<Visits> {
  return api.call('GET', `${of(id)}/rows/${String(row)}`)
}

/** Households that nobody has visited. */
export function leftOf(counts: SweepCounts): number {
  return counts.rows - counts.met - counts.unchanged - counts.phone - counts.absent - counts.refused - counts.gone
}

/** 0 to 100 of those that were reached, and 100 only when all were. */
export function reachedShare(counts: SweepCounts): number {
  const reached = counts.met + counts.unchanged + counts.phone + counts.gone
  return counts.rows === 0 ? 100 : Math.floor((reached * 100) / counts.rows)
}
