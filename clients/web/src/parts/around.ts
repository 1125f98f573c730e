/** What the states of a meeting's centers are read from, as the hub tells it. */
import { computed, type ComputedRef, type Ref } from 'vue'

import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import type { Surroundings } from './attendance'

export function useAround(live: Live, room: MeetingRoom, now: Readonly<Ref<number>>): ComputedRef<Surroundings> {
  const calls = room.parts.rows('calls')
  const atDoor = room.parts.rows('waiting')
  const waiting = computed(() => new Set([...atDoor.value.values()].filter((one) => one.state === 'waiting').map((one) => one.center)))
  return computed(() => ({
    centers: live.presence.value,
    people: room.presence.value,
    quality: room.quality.value,
    speaker: room.speaker.value,
    calls: calls.value,
    waiting: waiting.value,
    now: now.value,
  }))
}
