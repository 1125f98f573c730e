/** Views over registry and visits (一表通), as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { GridStatistics, ReadingAsked, ViewFileAsked, ViewReading, ViewRows, ViewsTold } from './types'

export type Caller = Pick<Api, 'call'>
const of = (reading: string): string => `/views/readings/${encodeURIComponent(reading)}`

/** Views that one may use, those that are ready, and what can be asked. */
export async function readViews(api: Caller): Promise<ViewsTold> {
  return api.call('GET', '/views')
}

/** Begin to read: the list of rows is fixed. */
export async function beginReading(api: Caller, asked: ReadingAsked): Promise<ViewReading> {
  return api.call('POST', '/views/readings', asked)
}

/** How far it is counted, and its file is made. */
export async function readReading(api: Caller, reading: string): Promise<ViewReading> {
  return api.call('GET', of(reading))
}

/** Some rows; fewer than asked for where they are far between. */
export async function readViewRows(api: Caller, reading: string, after: number, limit: number): Promise<ViewRows> {
  return api.call('GET', withQuery(`${of(reading)}/rows`, { after, limit }))
}

export async function forgetReading(api: Caller, reading: string): Promise<void> {
  await api.call<undefined>('DELETE', of(reading))
}

/** Have a file made; the journal tells of it. */
export async function makeViewFile(api: Caller, reading: string, asked: ViewFileAsked): Promise<ViewReading> {
  return api.call('POST', `${of(reading)}/file`, asked)
}

export async function cancelViewFile(api: Caller, reading: string): Promise<void> {
  await api.call<undefined>('DELETE', `${of(reading)}/file`)
}

/** Address of the file that was made. */
export function viewFile(reading: string): string {
  return `/api/v1${of(reading)}/file`
}

export interface FiguresQuery {
  parent?: string | undefined
  first?: string | undefined
  last?: string | undefined
}

/** What there is in grids and was done, by what stands next below a center. */
export async function readFigures(api: Caller, query: FiguresQuery): Promise<GridStatistics> {
  return api.call('GET', withQuery('/grid-statistics', { ...query }))
}

/** Address of the same as a file. */
export function figuresFile(query: FiguresQuery & { format: 'csv' | 'xlsx'; lang: 'zh' | 'en' }): string {
  return `/api/v1${withQuery('/grid-statistics/file', { ...query })}`
}
