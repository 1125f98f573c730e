/**
 * Of all tabs of one browser that stand open for one account, one takes part: it holds a lock (Web Locks). The others
 * wait, and the next of them goes on by itself when that one is closed. Without locks (plain http) every page takes part.
 */
import { computed, type ComputedRef, onScopeDispose, ref } from 'vue'

/** `asking`: not known yet (some ms). `here`: this tab takes part. `elsewhere`: another tab of this browser does. */
export type Place = 'asking' | 'here' | 'elsewhere'

export interface OnePage {
  readonly place: ComputedRef<Place>
  /** Whether this tab took the part over from another one, now or before: what that one was in goes on here. */
  readonly inherited: () => boolean
  /** Take part here: the other tab steps back. */
  takeOver: () => void
}

/** What of navigator.locks is used; tests bring a fake. */
export interface Locks {
  request: (
    name: string,
    options: { steal?: boolean; ifAvailable?: boolean },
    held: (lock: unknown) => Promise<void>,
  ) => Promise<void>
}

/** So long (ms) a tab that is next waits: the one that held the lock may only be loading anew. */
const RELOAD_MS = 2_500
/** So long (ms) after it was left a page that loads anew goes on as the one it was. */
const LEFT_MS = 15_000

const TAB_KEY = 'lianxian.tab'

function browserLocks(): Locks | undefined {
  return 'locks' in navigator ? (navigator.locks as unknown as Locks) : undefined
}

/** A name of this tab, the same after a reload. */
function tabName(): string {
  const known = sessionStorage.getItem(TAB_KEY)
  if (known !== null) return known
  const fresh = Math.random().toString(36).slice(2)
  sessionStorage.setItem(TAB_KEY, fresh)
  return fresh
}

/** `name` names what only one tab may do. Lives as long as the scope that calls it. */
export function useOnePage(name: string, locks: Locks | undefined = browserLocks()): OnePage {
  const leftKey = `${name}.left`
  const place = ref<Place>(locks === undefined ? 'here' : 'asking')
  const tab = tabName()
  let inherited = false
  let over = false
  /** Gives the lock back. */
  let release: (() => void) | undefined
  let grace: ReturnType<typeof setTimeout> | undefined

  /** Holds the lock, where it can be had, until it is given back; rejects when it is stolen. */
  async function hold(options: { steal?: boolean; ifAvailable?: boolean }, waitMs: number): Promise<void> {
    await locks?.request(name, options, async (lock) => {
      if (lock === null || over) return
      await new Promise<void>((resolve) => {
        release = resolve
        if (waitMs === 0) place.value = 'here'
        else grace = setTimeout(() => (place.value = 'here'), waitMs)
      })
    })
  }

  async function wait(): Promise<void> {
    while (!over) {
      place.value = 'elsewhere'
      inherited = true
      // rejected when another tab takes over: back into the queue
      await hold({}, RELOAD_MS).catch(() => undefined)
      clearTimeout(grace)
    }
  }

  async function begin(): Promise<void> {
    await hold(wasHere() ? { steal: true } : { ifAvailable: true }, 0).catch(() => undefined)
    await wait()
  }

  /** This tab took part a moment ago and was loaded anew; a tab that was duplicated from it did not. */
  function wasHere(): boolean {
    try {
      const left = JSON.parse(localStorage.getItem(leftKey) ?? 'null') as { tab: string; at: number } | null
      if (left?.tab === tab) localStorage.removeItem(leftKey)
      return left?.tab === tab && Date.now() - left.at < LEFT_MS
    } catch {
      return false
    }
  }
  const leaving = (): void => {
    if (place.value === 'here') localStorage.setItem(leftKey, JSON.stringify({ tab, at: Date.now() }))
  }

  if (locks !== undefined) {
    window.addEventListener('pagehide', leaving)
    void begin()
    onScopeDispose(() => {
      over = true
      clearTimeout(grace)
      window.removeEventListener('pagehide', leaving)
      release?.()
    })
  }
  return {
    place: computed(() => place.value),
    inherited: () => inherited,
    takeOver() {
      if (place.value === 'here') return
      void hold({ steal: true }, 0)
        .catch(() => undefined)
        .then(() => {
          if (!over && place.value === 'here') place.value = 'elsewhere'
        })
    },
  }
}
