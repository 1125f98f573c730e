/** Where one meeting's page is: the moment, the chosen entry, the open drawer. What stands in the address is where the page is. */
import { computed, nextTick, type Ref, ref, shallowRef, watch } from 'vue'
import { type LocationQuery, useRoute, useRouter } from 'vue-router'

import type { Stretch } from '@/features/archive.contract'
import type { Entry } from '@/protocol/types'

import { isWithin, momentOf } from './timeline'
import type { Player } from './usePlayer'
import type { RecordOfMeeting } from './useRecord'

/** A chosen entry stays marked this near to its moment; then the record follows the clock again. */
const NEAR_MS = 4_000

export function usePlace({ snapshot, entries, lengthMs }: RecordOfMeeting, player: Player) {
  const route = useRoute()
  const router = useRouter()
  const selected = ref<number | null>(null)
  const chosen = shallowRef<Stretch | null>(null)
  const openedAt = computed(() => snapshot.value?.opened_at ?? '')
  const at = (entry: Entry): number => momentOf(entry, openedAt.value)
  const drawer = computed(() => textOf(route.query, 'open'))

  function address(open: string | null = drawer.value): void {
    const query: Record<string, string> = { t: (player.positionMs.value / 1000).toFixed(1) }
    if (selected.value !== null) query['entry'] = String(selected.value)
    if (open !== null) query['open'] = open
    void router.replace({ query })
  }
  function seek(ms: number): void {
    selected.value = null
    player.seek(ms)
    address()
  }
  function goTo(entry: Entry): void {
    selected.value = entry.seq
    if (isWithin(at(entry), lengthMs.value)) {
      player.unblock()
      // played first: a jump to the very end must end there and not begin again
      player.play()
      player.seek(at(entry))
    }
    address()
  }
  function play(): void {
    player.unblock()
    player.play()
  }
  function pause(): void {
    player.pause()
    address()
  }
  /** To the entry before or after this moment. */
  function step(direction: 1 | -1): void {
    const moments = entries.value.filter((entry) => isWithin(at(entry), lengthMs.value))
    const here = selected.value === null ? -1 : moments.findIndex((entry) => entry.seq === selected.value)
    const later = moments.findIndex((entry) => at(entry) > player.positionMs.value + 50)
    const goal = here >= 0 ? here + direction : direction > 0 ? later : (later < 0 ? moments.length : later) - 1
    const entry = moments[goal]
    if (entry) goTo(entry)
  }

  // The first time that everything is there: go where the address says, and play.
  let arrived = false
  watch([snapshot, entries], async () => {
    if (arrived || !snapshot.value || entries.value.length === 0) return
    arrived = true
    const seq = Number(textOf(route.query, 'entry') ?? NaN)
    const second = textOf(route.query, 't')
    const entry = entries.value.find((one) => one.seq === seq)
    const moment = entry ? at(entry) : NaN
    if (second === null && !entry) return
    await nextTick()
    if (entry) selected.value = entry.seq
    const goal = isWithin(moment, lengthMs.value) ? moment : Number(second ?? NaN) * 1000
    if (!Number.isFinite(goal)) return
    player.play()
    player.seek(goal)
  })
  watch(player.positionMs, (position) => {
    const entry = entries.value.find((one) => one.seq === selected.value)
    if (entry && isWithin(at(entry), lengthMs.value) && Math.abs(position - at(entry)) > NEAR_MS) selected.value = null
  })

  return {
    selected,
    chosen: chosen as Ref<Stretch | null>,
    openedAt,
    drawer,
    seek,
    goTo,
    play,
    pause,
    step,
    toggle: () => {
      if (player.running.value) pause()
      else play()
    },
    open: (name: string) => {
      address(name)
    },
    close: () => {
      address(null)
    },
  }
}

function textOf(query: LocationQuery, name: string): string | null {
  const value = query[name]
  return typeof value === 'string' && value !== '' ? value : null
}
