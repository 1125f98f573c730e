/** Entries of a meeting by kind. */
import type { Api } from './api'
import type { Entry, EntryKind } from './types'

/** At most so many at a time. */
const PAGE = 1000

/** The first entry of a kind in a meeting that one may read. Raises Refused or Unreachable. */
export async function readFirstEntry(api: Pick<Api, 'call'>, meeting: string, kind: EntryKind): Promise<Entry | undefined> {
  const query = new URLSearchParams({ kind, since: '0', limit: '1' })
  return (await api.call<{ entries: Entry[] }>('GET', `/meetings/${encodeURIComponent(meeting)}/entries?${query.toString()}`)).entries[0]
}

/** All entries of one kind in a meeting that one may read, by seq. Raises Refused or Unreachable. */
export async function entriesOf<K extends EntryKind>(api: Pick<Api, 'call'>, meeting: string, kind: K): Promise<Extract<Entry, { kind: K }>[]> {
  const found: Entry[] = []
  let since = 0
  for (;;) {
    const query = new URLSearchParams({ kind, since: String(since), limit: String(PAGE) })
    const { entries } = await api.call<{ entries: Entry[] }>('GET', `/meetings/${encodeURIComponent(meeting)}/entries?${query.toString()}`)
    found.push(...entries)
    const last = entries.at(-1)
    if (last === undefined || entries.length < PAGE) return found as Extract<Entry, { kind: K }>[]
    since = last.seq
  }
}
