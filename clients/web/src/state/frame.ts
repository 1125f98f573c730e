/** Once a frame: however many events come between two pictures, what pages watch changes once. */

/** The latest (ms) that something waits: a tab that nobody sees gets no frames. */
const LATEST_MS = 100

export interface Frame {
  /** Have this done with the next picture; asked again before, it is done once. */
  soon: (work: () => void) => void
  /** Do now what waits. */
  flush: () => void
  stop: () => void
}

export function makeFrame(): Frame {
  const waiting = new Set<() => void>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let picture: number | undefined

  function rest(): void {
    clearTimeout(timer)
    timer = undefined
    if (picture !== undefined) cancelAnimationFrame(picture)
    picture = undefined
  }
  function flush(): void {
    rest()
    const now = [...waiting]
    waiting.clear()
    for (const work of now) work()
  }
  return {
    soon(work) {
      waiting.add(work)
      if (timer !== undefined) return
      timer = setTimeout(flush, LATEST_MS)
      if (typeof requestAnimationFrame === 'function') picture = requestAnimationFrame(flush)
    },
    flush,
    stop() {
      rest()
      waiting.clear()
    },
  }
}
