/** What was written over the pictures in a meeting, each with its end. Pure. */
import type { EntryOf } from '../contract'

export interface PastLine {
  readonly id: string
  readonly kind: 'banner' | 'ticker'
  readonly text: string
  readonly by: string
  /** How many centers; null: all. */
  readonly centers: number | null
  readonly from: string
  /** Null while it is shown. */
  readonly to: string | null
}

export function historyOf(shown: readonly EntryOf<'banner.shown'>[], removed: readonly EntryOf<'banner.removed'>[]): readonly PastLine[] {
  const ends = new Map(removed.map(({ data, at }) => [data.banner, at]))
  return shown.map(({ at, data }) => ({
    id: data.banner,
    kind: data.kind,
    text: data.text,
    by: data.by.name,
    centers: data.centers?.length ?? null,
    from: at,
    to: ends.get(data.banner) ?? null,
  }))
}
