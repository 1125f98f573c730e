/** On lines that lose packets, pictures and sound are held back a little, so that what was lost can be sent again in time. */
import { type Ref, watch } from 'vue'

import { participantOf } from '@/protocol/sources'
import type { Slots, Watcher } from '@/protocol/whep'

import type { Lines } from './lines'
import type { MeetingRoom } from './meetingRoom'

/** So long: several rounds of asking and sending again on a line of 100 ms. Without it a tenth of the time stood still. */
export const HOLD_MS = 600
/** From this loss on, until it is below the second. */
const LOSSY_PERMILLE = 20
const CLEAN_PERMILLE = 10

/** The worst loss between those who are watched and the viewer; null: not known. */
export function lossOnTheWay(me: string, slots: Slots, uplinks: Lines, downlinks: Lines): number | null {
  const watched = [...slots.video, ...slots.audio].flatMap((source) => (source === null ? [] : [participantOf(source)]))
  const known = [downlinks.get(me), ...watched.map((who) => uplinks.get(who))].flatMap((line) => line?.loss_permille ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

/** Has `watcher` hold back for as long as loss is told of; ends with the calling scope. */
export function useHold(room: MeetingRoom, me: string, watcher: Pick<Watcher, 'hold'>, slots: Readonly<Ref<Slots>>): void {
  let holding = false
  watch([room.uplinks, room.downlinks, slots], () => {
    const loss = lossOnTheWay(me, slots.value, room.uplinks.value, room.downlinks.value) ?? 0
    const next = holding ? loss >= CLEAN_PERMILLE : loss >= LOSSY_PERMILLE
    if (next === holding) return
    holding = next
    watcher.hold(holding ? HOLD_MS : null)
  })
}
