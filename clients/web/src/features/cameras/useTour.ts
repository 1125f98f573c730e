/** A tour of a wall: which grid of its cameras stands, until when, at rest or not. It goes on where it was after a reload. */
import { computed, type Ref, ref, watch } from 'vue'

interface Stood {
  /** Which tour: another one begins at its beginning. */
  tour: string
  page: number
  paused: boolean
  leftMs: number
}

export interface Tour {
  /** The grid that stands, from 0. */
  readonly page: Readonly<Ref<number>>
  readonly paused: Readonly<Ref<boolean>>
  /** Seconds until the next. */
  readonly left: Readonly<Ref<number>>
  readonly next: (by?: number) => void
  readonly pause: (on: boolean) => void
}

const KEPT = 'lianxian.wall-tour'

function remembered(store: Storage, tour: string): Stood | undefined {
  try {
    const stood = JSON.parse(store.getItem(KEPT) ?? 'null') as Stood | null
    return stood?.tour === tour ? stood : undefined
  } catch {
    return undefined
  }
}

/** `tour`: says which one it is; `dwell`: seconds that a grid stands, null for a wall that does not tour; `now`: ms, ticking. */
export function useTour(tour: () => string, pages: () => number, dwell: () => number | null, now: Readonly<Ref<number>>, store: Storage = window.sessionStorage): Tour {
  const page = ref(0)
  const paused = ref(false)
  /** When the grid has stood long enough (ms); at rest, how much was left. */
  const until = ref(0)
  const leftMs = ref(0)
  const goes = (): boolean => dwell() !== null && pages() > 1

  function begin(): void {
    const stood = remembered(store, tour())
    page.value = Math.min(stood?.page ?? 0, Math.max(0, pages() - 1))
    paused.value = stood?.paused ?? false
    leftMs.value = Math.min(stood?.leftMs ?? Infinity, (dwell() ?? 0) * 1000)
    until.value = Date.now() + leftMs.value
  }
  function keep(): void {
    if (goes()) store.setItem(KEPT, JSON.stringify({ tour: tour(), page: page.value, paused: paused.value, leftMs: left() } satisfies Stood))
  }
  function left(): number {
    return paused.value ? leftMs.value : Math.max(0, until.value - now.value)
  }
  function next(by = 1): void {
    const all = pages()
    page.value = (((page.value + by) % all) + all) % all
    leftMs.value = (dwell() ?? 0) * 1000
    until.value = Date.now() + leftMs.value
    keep()
  }
  watch(tour, begin, { immediate: true })
  watch([now, goes], () => {
    if (!goes() || paused.value) return
    if (now.value >= until.value) next()
    else keep()
  })
  return {
    page,
    paused,
    left: computed(() => Math.ceil(left() / 1000)),
    next,
    pause(on) {
      if (on === paused.value) return
      if (on) leftMs.value = Math.max(0, until.value - Date.now())
      else until.value = Date.now() + leftMs.value
      paused.value = on
      keep()
    },
  }
}
