/** The tours of a meeting, each as one run. Pure. */
import type { EntryOf } from '../contract'

export interface PastTour {
  readonly id: string
  readonly kind: 'own' | 'broadcast' | 'mosaic'
  readonly by: string
  readonly from: string
  /** Null while it goes on; then there are no sums. */
  readonly to: string | null
  readonly sums: { readonly seen: number; readonly total: number; readonly steps: number; readonly seconds: number } | null
}

export function historyOf(started: readonly EntryOf<'tour.started'>[], stopped: readonly EntryOf<'tour.stopped'>[]): readonly PastTour[] {
  const ends = new Map(stopped.map((one) => [one.data.tour, one]))
  return started.map(({ at, data }) => {
    const end = ends.get(data.tour)
    const sums = end === undefined ? null : { seen: end.data.seen, total: end.data.total, steps: end.data.steps, seconds: end.data.seconds }
    return { id: data.tour, kind: data.kind, by: data.by.name, from: at, to: end?.at ?? null, sums }
  })
}
