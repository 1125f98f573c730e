/** How fresh what the hub said is: while the hub is away every number stands still, is grey and says as of when. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import { type HubSocket, SILENT_MS } from '@/protocol/socket'

export interface Freshness {
  /** ms since 1970 of the last word of the hub, while it is away; undefined while it is there, and before its first word. */
  readonly asOf: Readonly<Ref<number | undefined>>
  readonly stale: ComputedRef<boolean>
  /** The present moment as far as the hub's word reaches: ticks each second, stands still while the hub is away. */
  readonly now: Readonly<Ref<number>>
}

/** Watches the connection for the life of the calling scope. */
export function watchFreshness(socket: HubSocket): Freshness {
  const asOf = shallowRef<number>()
  const now = ref(Date.now())

  function look(): void {
    const { state, heardAt } = socket
    const present = Date.now()
    const away = heardAt !== undefined && (state !== 'online' || present - heardAt > SILENT_MS)
    asOf.value = away ? heardAt : undefined
    now.value = asOf.value ?? present
    timer = setTimeout(look, 1000 - (present % 1000))
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  function again(): void {
    clearTimeout(timer)
    look()
  }
  const offs = [socket.on('state', again), socket.on('hello', again)]
  look()
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { asOf, now, stale: computed(() => asOf.value !== undefined) }
}
