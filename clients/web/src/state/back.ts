/** A connection that is lost and comes back, as refs: since when, after how long, and the way to try at once. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import type { HubSocket } from '@/protocol/socket'

/** So long (ms) it stands on the page that the connection is back. */
const NEWS_MS = 10_000

export interface Back {
  /** ms since 1970 of the last word before the loss; undefined while the connection stands, and before the first. */
  readonly lostAt: Readonly<Ref<number | undefined>>
  /** How long (ms) the loss lasted, for a while after it. */
  readonly lasted: Readonly<Ref<number | undefined>>
  /** Do not wait for the next try. */
  now: () => void
}

/** For the life of the calling scope. */
export function useBack(socket: HubSocket): Back {
  const lostAt = shallowRef<number>()
  const lasted = shallowRef<number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const off = socket.on('state', (state) => {
    clearTimeout(timer)
    lasted.value = state === 'online' && lostAt.value !== undefined ? socket.lastedMs : undefined
    lostAt.value = state === 'reconnecting' ? socket.lostAt : undefined
    timer = setTimeout(() => (lasted.value = undefined), NEWS_MS)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    off()
  })
  return {
    lostAt,
    lasted,
    now: () => {
      socket.reconnectNow()
    },
  }
}
