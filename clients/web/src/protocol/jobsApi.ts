/** Jobs: long work about a meeting, and the files that came of it. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { FilmCost, Handovers, JobList } from './types'

/** Newest first. */
export async function readJobs(api: Pick<Api, 'call'>, meeting: string, kind?: string): Promise<JobList> {
  return api.call('GET', withQuery(`/meetings/${encodeURIComponent(meeting)}/jobs`, { kind }))
}

/** Where a file of a job is; `download`: a browser saves it. */
export function jobFile(job: string, name: string, download = false): string {
  return `/api/v1/jobs/${encodeURIComponent(job)}/files/${encodeURIComponent(name)}${download ? '?download=1' : ''}`
}

/** A file of a job that is JSON, as what its maker says it is. */
export async function readJobFile<T>(api: Pick<Api, 'call'>, job: string, name: string): Promise<T> {
  return api.call('GET', `/jobs/${encodeURIComponent(job)}/files/${encodeURIComponent(name)}`)
}

export async function readFilmCost(api: Pick<Api, 'call'>, meeting: string): Promise<FilmCost> {
  return api.call('GET', `/meetings/${encodeURIComponent(meeting)}/film/cost`)
}

/** Which meetings are to be handed over: days of the hub's zone, `2026-11-29`. */
export interface HandoverQuery {
  from?: string
  to?: string
  center?: string
}

export async function readHandovers(api: Pick<Api, 'call'>, query: HandoverQuery): Promise<Handovers> {
  return api.call('GET', withQuery('/handovers', { ...query }))
}

/** Where the list of contents is. */
export const handoverContents = (query: HandoverQuery, format: 'xlsx' | 'csv'): string => withQuery('/api/v1/handovers/contents', { ...query, format })
