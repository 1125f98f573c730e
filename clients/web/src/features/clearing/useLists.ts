/** The lists that one sees, read anew when the hub tells that one changed. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { type Caller, readClearings } from '@/protocol/clearingsApi'
import type { Clearing } from '@/protocol/types'
import type { Live } from '@/state/live'

/** Changes of a moment are read together, ms; and the pause after a failure. */
const TOGETHER_MS = 1500
const AGAIN_MS = 5000

/**
 * Calls `read` at once, after each change of a list (some changes together), and when the line is back. Where two thousand hear of the
 * same change, each waits up to `spread` ms of its own.
 */
export function useReadAgain(live: Live, read: () => Promise<void>, spread = 0): { readonly again: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  let at = 0
  async function now(): Promise<void> {
    timer = undefined
    at = Date.now()
    try {
      await read()
    } catch {
      if (!over) timer ??= setTimeout(() => void now(), AGAIN_MS)
    }
  }
  function soon(): void {
    timer ??= setTimeout(() => void now(), Math.max(0, at + TOGETHER_MS - Date.now()) + Math.random() * spread)
  }
  const off = live.socket.on('changed', ({ what }) => {
    if (what === 'clearing') soon()
  })
  watch(live.freshness.stale, (stale) => {
    if (!stale) soon()
  })
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
    off()
  })
  void now()
  return { again: soon }
}

export interface Lists {
  readonly all: Readonly<Ref<readonly Clearing[]>>
  readonly ready: Readonly<Ref<boolean>>
  readonly failure: Readonly<Ref<unknown>>
  /** Whether there are earlier ones. */
  readonly more: Readonly<Ref<boolean>>
  readonly older: () => Promise<void>
  readonly again: () => void
}

export function useLists(live: Live, api: Caller): Lists {
  const all = shallowRef<readonly Clearing[]>([])
  const ready = ref(false)
  const failure = shallowRef<unknown>()
  const next = ref<string | null>(null)
  const { again } = useReadAgain(live, async () => {
    try {
      const page = await readClearings(api)
      const older = all.value.slice(page.clearings.length).filter((one) => page.clearings.every((fresh) => fresh.id !== one.id))
      all.value = [...page.clearings, ...(page.next === null ? [] : older)]
      if (older.length === 0) next.value = page.next
      ready.value = true
      failure.value = undefined
    } catch (error) {
      failure.value = error
      throw error
    }
  })
  async function older(): Promise<void> {
    if (next.value === null) return
    const page = await readClearings(api, next.value).catch((error: unknown) => {
      failure.value = error
    })
    if (page === undefined) return
    all.value = [...all.value, ...page.clearings]
    next.value = page.next
  }
  const more = ref(false)
  watch(next, (to) => (more.value = to !== null), { immediate: true })
  return { all, ready, failure, more, older, again }
}
