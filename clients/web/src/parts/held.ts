/** What is sent a few seconds after its key was pressed, so that it can be taken back: a reload keeps it, leaving the page sends it. */
import { onScopeDispose, type Ref, ref } from 'vue'

export interface Held<T> {
  /** In so many seconds it is sent; 0: nothing is held. */
  readonly left: Readonly<Ref<number>>
  hold: (what: T) => void
  takeBack: () => void
  /** Send at once what is held. */
  now: () => void
}

const HELD_MS = 5_000
const LOOK_MS = 200

/** `key`: whose it is. What is held must be plain JSON. */
export function useHeld<T>(key: string, send: (what: T) => void, storage: Storage = window.sessionStorage): Held<T> {
  const place = `lianxian.held.${key}`
  const left = ref(0)
  let held: { readonly what: T; readonly until: number } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function keep(next: typeof held): void {
    held = next
    clearTimeout(timer)
    left.value = 0
    try {
      if (next === undefined) storage.removeItem(place)
      else storage.setItem(place, JSON.stringify(next))
    } catch {
      // no room: it is held as long as the page lives
    }
    if (next !== undefined) look()
  }
  function look(): void {
    if (held === undefined) return
    const rest = held.until - Date.now()
    // a clock that was set back would hold it for ever
    if (rest <= 0 || rest > HELD_MS) {
      now()
      return
    }
    left.value = Math.ceil(rest / 1000)
    timer = setTimeout(look, LOOK_MS)
  }
  function now(): void {
    const one = held
    keep(undefined)
    if (one !== undefined) send(one.what)
  }
  try {
    const stored = JSON.parse(storage.getItem(place) ?? 'null') as typeof held | null
    if (stored !== null) keep(stored)
  } catch {
    storage.removeItem(place)
  }
  window.addEventListener('pagehide', now)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', now)
    now()
  })
  return {
    left,
    hold: (what) => {
      keep({ what, until: Date.now() + HELD_MS })
    },
    takeBack: () => {
      keep(undefined)
    },
    now,
  }
}
