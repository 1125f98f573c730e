/** Pictures and sound of the console: one watching session, one's own camera and microphone where there are any. */
import { onScopeDispose, ref, type Ref, shallowRef, watch } from 'vue'

import { type TileSizes, tileSizes } from '@/parts/tileSizes'
import type { MediaState } from '@/protocol/mediaLink'
import { type Quality, STAGE } from '@/protocol/types'
import { Publisher } from '@/protocol/whip'
import { type Slots, Watcher } from '@/protocol/whep'
import type { Devices } from '@/state/capture/devices'
import { type Capture, useCapture } from '@/state/capture/useCapture'
import { useSending } from '@/state/capture/useSending'
import { useHold } from '@/state/hold'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import { type OwnVoice, useOwnVoice } from './ownVoice'
import { assignSlots } from './wall'

/** Slot 0 is the stage, the others are for tiles. */
export const TILE_SLOTS = 15
const AUDIO_SLOTS = 3

export interface ConsoleMedia {
  readonly slots: Readonly<Ref<Slots>>
  readonly watching: Readonly<Ref<MediaState>>
  readonly publishing: Readonly<Ref<MediaState>>
  /** The account publishes from another page: from here only after `resume`. */
  readonly elsewhere: Readonly<Ref<boolean>>
  resume: () => void
  /** One's own devices: nothing is asked for before a key asks. */
  readonly capture: Capture
  readonly own: OwnVoice
  readonly stage: MediaStream
  readonly sounds: readonly MediaStream[]
  /** The stream that shows this source in a tile, when one does. */
  tile: (source: string) => MediaStream | undefined
  /** How well the picture of this source gets through in its tile, or on the stage. */
  quality: (source: string, where: 'stage' | 'tile') => Quality | undefined
  /** Takes the sizes of the elements that show `stage` and tiles. */
  readonly sizes: TileSizes
  /** Show these sources in tiles; `look` goes to one's own stage instead of the broadcast. */
  show: (sources: readonly string[], look: string | null) => void
  /** `ended`: the meeting was ended or left, and the hub closed its sessions with it. */
  stop: (ended?: boolean) => void
}

/**
 * `me`: one's own account. Watches at once and publishes what its keys open, until `stop` or the end of the calling scope.
 * Tests bring `devices`.
 */
export function useConsoleMedia(live: Live, room: MeetingRoom, me: string, devices?: Devices | null): ConsoleMedia {
  const watcher = new Watcher(room.id, { video: TILE_SLOTS + 1, audio: AUDIO_SLOTS }, (selection) =>
    live.socket.call('select', selection),
  )
  const publisher = new Publisher(room.id)
  const capture = useCapture({ picture: 'console', ...(devices === undefined ? {} : { devices }) })
  const own = useOwnVoice(capture)
  const sending = useSending(capture, publisher)
  const slots = shallowRef<Slots>(watcher.slots)
  const qualities = shallowRef<readonly (Quality | null)[]>([])
  const watching = ref<MediaState>('connecting')
  let tiles: (string | null)[] = []
  let stopped = false

  watcher.onSlots = (next) => {
    slots.value = next
  }
  useHold(room, me, watcher, slots)
  watcher.onTiles = (next) => {
    qualities.value = next
  }
  watcher.onState = (state) => {
    watching.value = state
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
  const offHello = live.socket.on('hello', () => {
    void watcher.say()
    watcher.nudge()
    publisher.nudge()
    tell()
  })

  function tell(): void {
    const body = { meeting: room.id, ...capture.told.value }
    void live.socket.call('device', body).catch(() => undefined)
  }
  watch(capture.told, tell)

  function stop(ended = false): void {
    if (stopped) return
    stopped = true
    offHello()
    watcher.stop(ended)
    sending.stop(ended)
    own.stop()
  }

  watcher.choose([STAGE])
  watcher.start()
  onScopeDispose(() => {
    stop()
  })
  return {
    slots,
    watching,
    publishing: sending.state,
    elsewhere: sending.elsewhere,
    capture,
    own,
    stage: watcher.video[0] as MediaStream,
    sounds: watcher.audio,
    tile: (source) => {
      const at = slots.value.video.indexOf(source, 1)
      return at > 0 ? watcher.video[at] : undefined
    },
    quality: (source, where) => {
      const at = slots.value.video.indexOf(source, where === 'stage' ? 0 : 1)
      return at < 0 || (where === 'stage' && at > 0) ? undefined : (qualities.value[at] ?? undefined)
    },
    sizes: tileSizes(watcher.video, (at, size) => {
      watcher.sized(at, size)
    }),
    show: (sources, look) => {
      tiles = assignSlots(tiles, sources, TILE_SLOTS)
      watcher.choose([look ?? STAGE, ...tiles])
    },
    resume: () => {
      sending.resume()
    },
    stop,
  }
}
