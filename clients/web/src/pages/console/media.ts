/** Pictures and sound of the console: one watching session, one's own camera and microphone where there are any. */
import { onScopeDispose, ref, type Ref, shallowRef, watch } from 'vue'

import { browserDevices, capture } from '@/state/capture/devices'
import { type TileSizes, tileSizes } from '@/parts/tileSizes'
import type { MediaState } from '@/protocol/mediaLink'
import { type DeviceState, type Quality, STAGE } from '@/protocol/types'
import { Publisher } from '@/protocol/whip'
import { type Slots, Watcher } from '@/protocol/whep'
import { useHold } from '@/state/hold'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import { assignSlots } from './wall'

/** Slot 0 is the stage, the others are for tiles. */
export const TILE_SLOTS = 15
const AUDIO_SLOTS = 3

export interface ConsoleMedia {
  readonly slots: Readonly<Ref<Slots>>
  readonly watching: Readonly<Ref<MediaState>>
  readonly publishing: Readonly<Ref<MediaState>>
  readonly camera: Readonly<Ref<DeviceState>>
  readonly microphone: Readonly<Ref<DeviceState>>
  /** One's own picture, for the preview. */
  readonly own: Readonly<Ref<MediaStream | undefined>>
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
  toggleCamera: () => void
  toggleMicrophone: () => void
  /** `ended`: the meeting was ended or left, and the hub closed its sessions with it. */
  stop: (ended?: boolean) => void
}

/** `me`: one's own account. Watches and publishes until `stop` or the end of the calling scope. */
export function useConsoleMedia(live: Live, room: MeetingRoom, me: string): ConsoleMedia {
  const watcher = new Watcher(room.id, { video: TILE_SLOTS + 1, audio: AUDIO_SLOTS }, (selection) =>
    live.socket.call('select', selection),
  )
  const publisher = new Publisher(room.id)
  const slots = shallowRef<Slots>(watcher.slots)
  const qualities = shallowRef<readonly (Quality | null)[]>([])
  const watching = ref<MediaState>('connecting')
  const publishing = ref<MediaState>('stopped')
  const camera = ref<DeviceState>('off')
  const microphone = ref<DeviceState>('off')
  const own = shallowRef<MediaStream>()
  let tracks: { video: MediaStreamTrack | null; audio: MediaStreamTrack | null } = { video: null, audio: null }
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
  publisher.onState = (state) => {
    publishing.value = state
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
      publisher.closedByHub(event.session, event.reason)
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
    const body = { meeting: room.id, camera: camera.value, microphone: microphone.value }
    void live.socket.call('device', body).catch(() => undefined)
  }
  watch([camera, microphone], tell)

  async function begin(): Promise<void> {
    watcher.choose([STAGE])
    watcher.start()
    const had = await capture(browserDevices(), { camera: null, microphone: null, picture: 'console' })
    if (stopped) {
      had.video?.stop()
      had.audio?.stop()
      return
    }
    tracks = { video: had.video, audio: had.audio }
    camera.value = had.camera
    microphone.value = had.microphone
    if (had.video !== null) own.value = new MediaStream([had.video])
    publisher.publish(tracks)
  }

  function toggle(state: Ref<DeviceState>, track: MediaStreamTrack | null): void {
    if (track === null) return
    track.enabled = !track.enabled
    state.value = track.enabled ? 'on' : 'off'
  }

  function stop(ended = false): void {
    if (stopped) return
    stopped = true
    offHello()
    watcher.stop(ended)
    publisher.stop(ended)
    tracks.video?.stop()
    tracks.audio?.stop()
    own.value = undefined
  }

  void begin()
  onScopeDispose(() => {
    stop()
  })
  return {
    slots,
    watching,
    publishing,
    camera,
    microphone,
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
    toggleCamera: () => {
      toggle(camera, tracks.video)
    },
    toggleMicrophone: () => {
      toggle(microphone, tracks.audio)
    },
    stop,
  }
}
