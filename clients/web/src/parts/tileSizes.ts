/** How large each stream stands on the page, reported by the elements that show it: the hub sends what fits. */
import type { InjectionKey } from 'vue'

/** Device pixels. */
export type Size = readonly [number, number]

export interface TileSizes {
  /** `element` shows `stream` in this size now; undefined when it shows none any more. */
  report: (element: object, stream: MediaStream | undefined, size: Size) => void
}

/** Provided by a page that watches; without it nobody wants to know. */
export const tileSizesKey: InjectionKey<TileSizes> = Symbol('tile sizes')

/** Tells, on change, the size of the largest element that shows each of these streams; 0 by 0 where none does. */
export function tileSizes(streams: readonly MediaStream[], told: (at: number, size: Size) => void): TileSizes {
  const shown = new Map<object, { at: number; size: Size }>()
  const last = new Map<number, string>()

  function tell(at: number): void {
    let largest: Size = [0, 0]
    for (const one of shown.values()) {
      if (one.at === at && one.size[0] * one.size[1] > largest[0] * largest[1]) largest = one.size
    }
    const words = largest.join('x')
    if (last.get(at) === words) return
    last.set(at, words)
    told(at, largest)
  }

  return {
    report(element, stream, size) {
      const before = shown.get(element)?.at
      const at = stream === undefined ? -1 : streams.indexOf(stream)
      if (at < 0) shown.delete(element)
      else shown.set(element, { at, size })
      if (before !== undefined && before !== at) tell(before)
      if (at >= 0) tell(at)
    },
  }
}
