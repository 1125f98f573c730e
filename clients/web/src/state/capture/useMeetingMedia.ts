/** The media of one meeting on a page: one watching session with its slots, one that sends what is captured, and both told by the hub. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import type { MediaState } from '@/protocol/mediaLink'
import { STAGE } from '@/protocol/types'
import { type Slots, Watcher } from '@/protocol/whep'
import { Publisher } from '@/protocol/whip'

import { useHold } from '../hold'
import type { Live } from '../live'
import type { MeetingRoom } from '../meetingRoom'
import type { Capture } from './useCapture'
import { type Sending, useSending } from './useSending'

/** How often it is looked whether the line carries what is taken (ms). */
const JUDGE_MS = 1000
/** So many voices are heard at once. */
const AUDIO_SLOTS = 3

export interface MeetingMedia {
  readonly watcher: Watcher
  readonly publisher: Publisher
  readonly sending: Sending
  readonly slots: Readonly<Ref<Slots>>
  readonly watching: Readonly<Ref<MediaState>>
  /** `told`: the hub ended the sessions with the meeting. */
  stop: (told?: boolean) => void
}

/**
 * Watches the stage at once, and sends what `capture` gives, until `stop` or the end of the calling scope.
 * `me`: one's own account; `video`: slots for pictures; `publisher`: one that does not send as usual.
 */
export function useMeetingMedia(
  live: Live,
  room: MeetingRoom,
  me: string,
  capture: Capture,
  video: number,
  publisher: Publisher = new Publisher(room.id),
): MeetingMedia {
  const watcher = new Watcher(room.id, { video, audio: AUDIO_SLOTS }, (selection) => live.socket.call('select', selection))
  const slots = shallowRef<Slots>(watcher.slots)
  const watching = ref<MediaState>('connecting')
  const sending = useSending(capture, publisher)
  let stopped = false

  watcher.onSlots = (next) => (slots.value = next)
  useHold(room, me, watcher, slots)
  watcher.onState = (state) => {
    watching.value = state
    // whoever is connected is in the meeting; what a page before this one said holds no longer
    if (state === 'connected') tell()
  }
  room.attach({
    slots: (event) => {
      watcher.moved(event)
    },
    tiles: (event) => {
      watcher.judged(event)
    },
    closed: (event) => {
      watcher.closedByHub(event.session, event.reason)
      sending.closed(event)
    },
    watched: (event) => {
      publisher.heed(event)
    },
  })
  /** How one's own devices and line are: a hub that comes back does not know. */
  function tell(): void {
    const { way, pictures, byItself } = room.line
    const told = { ...capture.told.value, way: way.value ?? null, pictures: pictures.value, weak: byItself.value }
    void live.socket.call('device', { meeting: room.id, ...told }).catch(() => undefined)
  }
  watcher.onWay = publisher.onWay = () => {
    room.line.goes([watcher.way, publisher.way])
  }
  watch(
    room.line.pictures,
    (pictures) => {
      watcher.limit(pictures)
      publisher.limit(pictures)
    },
    { immediate: true },
  )
  const atDoor = room.parts.rows('waiting')
  watch(
    () => atDoor.value.has(me),
    (waits) => {
      // let in: now, and not when it would have been tried again
      if (waits) return
      watcher.nudge()
      publisher.nudge()
    },
  )
  watch([capture.told, room.line.way, room.line.pictures, room.line.byItself], tell)
  const judging = setInterval(() => {
    // of a line that stands nobody knows what it would carry
    if (watcher.state !== 'connected' || live.freshness.stale.value) return
    const down = room.downlinks.value.get(me)
    // a session that is coming back was gone: that is no weak line
    const up = publisher.state === 'connected' ? room.uplinks.value.get(me)?.state : undefined
    room.line.measured(performance.now(), { down, up, main: watcher.main })
  }, JUDGE_MS)
  const spread = (): void => {
    watcher.spreadMs = publisher.spreadMs = live.socket.spreadMs
  }
  spread()
  const offHub = live.socket.on('hub', spread)
  const offHello = live.socket.on('hello', () => {
    watcher.nudge()
    publisher.nudge()
    void watcher.say()
    tell()
  })

  function stop(told = false): void {
    if (stopped) return
    stopped = true
    clearInterval(judging)
    offHello()
    offHub()
    watcher.stop(told)
    sending.stop(told)
  }
  watcher.choose([STAGE])
  watcher.start()
  onScopeDispose(() => {
    stop()
  })
  return { watcher, publisher, sending, slots, watching, stop }
}
