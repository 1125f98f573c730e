/** Who is on duty where: one list for all who show it, read when the first one asks, kept by what the hub tells later. */
import { effectScope, onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import { type Caller, readDuties } from '@/protocol/dutyApi'
import type { Duty } from '@/protocol/types'

import { documentStore } from './documents'
import type { Live } from './live'

export interface DutyBook {
  /** Of all centers that have said anything of it, by their codes. */
  readonly all: Readonly<Ref<readonly Duty[]>>
  get: (center: string) => Duty | undefined
  readonly ready: Readonly<Ref<boolean>>
  /** Why it could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
  /** The hub's zone; this machine's until it was told. */
  readonly zone: Readonly<Ref<string>>
  /** Read it anew. */
  refresh: () => Promise<void>
}

type Line = Pick<Live, 'socket' | 'frame' | 'greeted'>

const RETRY_MS = 3000
/** Each center tells the shifts of a day and a half: long before they run out, all are read anew. */
const ANEW_MS = 6 * 3_600_000
/** It outlives the last who asked by so long: rows of a list come and go. */
const LINGER_MS = 60_000

interface Opened {
  readonly book: DutyBook
  users: number
  close: () => void
  closing: ReturnType<typeof setTimeout> | undefined
}
const opened = new WeakMap<object, Opened>()

/** `own`: of one's own center alone, as a station knows it. In a scope: it is kept as long as any such scope lives. */
export function useDutyBook(live: Line, api: Caller, own?: string): DutyBook {
  const found = opened.get(live.socket) ?? open(live, api, own)
  found.users += 1
  clearTimeout(found.closing)
  onScopeDispose(() => {
    found.users -= 1
    if (found.users > 0) return
    found.closing = setTimeout(() => {
      if (found.users > 0) return
      opened.delete(live.socket)
      found.close()
    }, LINGER_MS)
  })
  return found.book
}

function open(live: Line, api: Caller, own: string | undefined): Opened {
  const scope = effectScope(true)
  const book = scope.run(() => makeBook(live, api, own))
  if (book === undefined) throw new Error('the scope has ended')
  const made: Opened = { book, users: 0, close: () => { scope.stop() }, closing: undefined }
  opened.set(live.socket, made)
  return made
}

function makeBook(live: Line, api: Caller, own: string | undefined): DutyBook {
  const store = documentStore<Duty>(live.frame, {
    at: (duty) => duty.id,
    read: async (ids) => (await readDuties(api, own)).duties.filter((duty) => ids.includes(duty.id)),
    wants: (event) => own === undefined || event.id === own,
  })
  const ready = ref(false)
  const failure = shallowRef<unknown>()
  const zone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    try {
      const found = await readDuties(api, own)
      // a later question has the newer answer
      if (mine !== asked) return
      store.settle(found.duties, found.seq)
      zone.value = found.time_zone
      ready.value = true
      failure.value = undefined
      timer = setTimeout(() => void refresh(), ANEW_MS)
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void refresh(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void refresh()),
    live.socket.on('changed', (event) => {
      if (event.what === 'duty') store.take(event)
    }),
  ]
  // the greeting asks for it, too
  if (live.greeted.value) void refresh()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    store.stop()
    for (const off of offs) off()
  })
  return { all: store.list, get: store.get, ready, failure, zone, refresh }
}
