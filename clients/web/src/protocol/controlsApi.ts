/** Who controlled what in a meeting, in pages and as a file. */
import { type Api, withQuery } from './api'
import type { Controls } from './types'

export interface ControlsQuery {
  /** Account id, or `system`; '' for everybody. */
  by: string
  /** The first word of a kind of entry; '' for all. */
  group: string
}

const path = (meeting: string): string => `/meetings/${encodeURIComponent(meeting)}/controls`

/** The newest first; `before`: the `next` of the page before. Raises Refused or Unreachable. */
export async function controls(api: Pick<Api, 'call'>, meeting: string, { by, group }: ControlsQuery, limit: number, before?: number): Promise<Controls> {
  return api.call('GET', withQuery(path(meeting), { by, group, limit, before }))
}

/** All of it, the newest first. Raises Refused or Unreachable. */
export async function allControls(api: Pick<Api, 'call'>, meeting: string): Promise<Controls['entries']> {
  const found: Controls['entries'] = []
  let before: number | undefined
  do {
    const page: Controls = await controls(api, meeting, { by: '', group: '' }, 500, before)
    found.push(...page.entries)
    before = page.next ?? undefined
  } while (before !== undefined)
  return found
}

/** Where the same is fetched as a file. */
export function controlsFile(meeting: string, { by, group }: ControlsQuery, format: 'csv' | 'xlsx', lang: 'zh' | 'en'): string {
  return `/api/v1${withQuery(`${path(meeting)}/export`, { by, group, format, lang })}`
}
