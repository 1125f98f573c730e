/** Minutes that wait for somebody: for this person to approve, or returned to him. One list of the frame. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { type Caller, readMinutes } from '@/protocol/minutesApi'
import type { Account, Minutes } from '@/protocol/types'
import { documentStore } from '@/state/documents'
import type { Live } from '@/state/live'
import type { Shell } from '@/state/shell'

const RETRY_MS = 5000
const lists = new WeakMap<object, Readonly<Ref<readonly Minutes[]>>>()

/** Whether this person approves them: who led the meeting, or a leader at or above its center, but none his own. */
export function approves(one: Minutes, account: Account, subtree: (center: string) => boolean): boolean {
  if (one.state !== 'submitted') return false
  if (one.chair.account === account.id) return true
  return account.role === 'leader' && one.submitted_by.account !== account.id && subtree(one.center)
}

/** Whether they were returned to this person. */
export function cameBack(one: Minutes, account: Account): boolean {
  return one.state === 'returned' && one.submitted_by.account === account.id
}

/** In the frame's scope: read when the hub greets, kept by what it tells. */
export function openWaiting(live: Pick<Live, 'socket' | 'frame' | 'greeted'>, api: Caller): Readonly<Ref<readonly Minutes[]>> {
  const store = documentStore<Minutes>(live.frame, { at: (one) => one.submitted_at })
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  async function read(): Promise<void> {
    clearTimeout(timer)
    try {
      const page = await readMinutes(api, { state: 'submitted,returned', limit: 100 })
      store.settle(page.minutes, page.seq)
    } catch {
      if (!over) timer = setTimeout(() => void read(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void read()),
    live.socket.on('changed', (event) => {
      if (event.what === 'minutes' && !store.take(event)) void read()
    }),
  ]
  if (live.greeted.value) void read()
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
    store.stop()
    for (const off of offs) off()
  })
  lists.set(live, store.list)
  return store.list
}

const NONE: Readonly<Ref<readonly Minutes[]>> = shallowRef([])
/** The one that the frame has opened. */
export function waitingOf(shell: Pick<Shell, 'live'>): Readonly<Ref<readonly Minutes[]>> {
  return lists.get(shell.live) ?? NONE
}

/** Whether a center is one's own or below it. */
export function belowOf(shell: Pick<Shell, 'centers'>): (center: string) => boolean {
  return (center) => shell.centers.value.some((one) => one.code === center)
}
