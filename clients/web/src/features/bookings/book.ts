/** All bookings that one may see, live: read as of an entry, kept by what the hub tells later. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { type Caller, readBookings, readBookingsById } from '@/protocol/bookingsApi'
import type { Booking } from '@/protocol/types'
import { type DocumentStore, documentStore } from '@/state/documents'
import type { Live } from '@/state/live'

export interface Book {
  /** By their start. */
  readonly all: Readonly<Ref<readonly Booking[]>>
  get: (id: string) => Booking | undefined
  /** Whether they were read. */
  readonly ready: Readonly<Ref<boolean>>
  /** Why they could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
  /** All that begin from then on are known; ms since 1970. */
  readonly from: Readonly<Ref<number>>
  /** The hub's zone; this machine's until it was told. */
  readonly zone: Readonly<Ref<string>>
  /** Whether what one's center's dispatchers book needs approval. */
  readonly approval: Readonly<Ref<boolean>>
  /** Know of earlier ones, too. */
  reach: (from: number) => Promise<void>
  /** Read them all anew. */
  refresh: () => Promise<void>
  /** Until they were read once: then the zone is known. */
  known: () => Promise<void>
}

const RETRY_MS = 3000

/** Lives as long as the calling scope. `from`: ms since 1970. */
export function makeBook(live: Pick<Live, 'socket' | 'frame' | 'greeted'>, api: Caller, from: number): Book {
  const store: DocumentStore<Booking> = documentStore<Booking>(live.frame, {
    at: (booking) => booking.starts_at,
    read: async (ids) => readBookingsById(api, ids),
    wants: ({ value = null }) => value === null || Date.parse((value as Booking).starts_at) >= begin.value,
  })
  const begin = ref(from)
  const ready = ref(false)
  const failure = shallowRef<unknown>()
  const zone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
  const approval = ref(false)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    try {
      const found = await readBookings(api, new Date(begin.value).toISOString())
      // a later question has the newer answer
      if (mine !== asked) return
      store.settle(found.bookings, found.seq)
      zone.value = found.time_zone
      approval.value = found.approval_required
      ready.value = true
      failure.value = undefined
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void refresh(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void refresh()),
    live.socket.on('changed', (event) => {
      if (event.what === 'booking') store.take(event)
    }),
  ]
  // the greeting asks for them, too
  if (live.greeted.value) void refresh()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    store.stop()
    for (const off of offs) off()
  })
  return {
    all: store.list,
    get: store.get,
    ready,
    failure,
    from: begin,
    zone,
    approval,
    async reach(earlier) {
      if (earlier >= begin.value) return
      begin.value = earlier
      await refresh()
    },
    refresh,
    known: async () =>
      new Promise((resolve) => {
        const stop = watch(ready, (read) => {
          if (!read) return
          resolve()
          queueMicrotask(() => { stop() })
        }, { immediate: true })
      }),
  }
}
