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
  watcher.onState = (state) => (watching.value = state)
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
  /** How one's own devices are: a hub that comes back does not know. */
  function tell(): void {
    void live.socket.call('device', { meeting: room.id, ...capture.told.value }).catch(() => undefined)
  }
  watch(capture.told, tell)
  const offHello = live.socket.on('hello', () => {
    watcher.nudge()
    publisher.nudge()
    void watcher.say()
    tell()
  })

  function stop(told = false): void {
    if (stopped) return
    stopped = true
    offHello()
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
