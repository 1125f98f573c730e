/** How long the hub has seen the picture of the stop at which one stands flow to oneself. This page counts nothing by itself. */
import { computed, onScopeDispose, type Ref, shallowRef } from 'vue'

import type { PatrolEvent, PatrolRound } from '@/protocol/types'
import type { Live } from '@/state/live'

/** Without a word for so long (ms) it flows no more. */
const FRESH_MS = 3_000
/** A picture that flowed for less (s) shows nothing. */
export const NEEDED_S = 3

export interface Meter {
  readonly seconds: number
  readonly enough: boolean
  /** Whether it flows now. */
  readonly flows: boolean
}

/** In the scope of who shows it. `now`: ms since 1970, ticking. */
export function useMeter(live: Pick<Live, 'socket'>, round: () => PatrolRound | undefined, now: () => number): Readonly<Ref<Meter>> {
  const heard = shallowRef<PatrolEvent & { readonly at: number }>()
  const off = live.socket.on('patrol', (event) => {
    heard.value = { ...event, at: Date.now() }
  })
  onScopeDispose(off)
  return computed(() => {
    const one = round()
    const last = heard.value
    const here = last !== undefined && last.round === one?.id && last.stop === one.stop
    const flows = here && last.seconds > 0 && Math.max(now(), Date.now()) - last.at < FRESH_MS
    const told = one?.seconds ?? 0
    return { seconds: Math.max(flows ? last.seconds : 0, told), enough: told >= NEEDED_S || (here && last.enough), flows }
  })
}
