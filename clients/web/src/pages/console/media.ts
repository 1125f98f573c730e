/** Pictures and sound of the console: one watching session, one's own camera and microphone where there are any. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { type TileSizes, tileSizes } from '@/parts/tileSizes'
import type { LineOutcome } from '@/protocol/lineCheck'
import type { MediaState } from '@/protocol/mediaLink'
import { type Quality, STAGE } from '@/protocol/types'
import type { Slots } from '@/protocol/whep'
import { useChosen } from '@/state/capture/chosen'
import type { Devices } from '@/state/capture/devices'
import { type Capture, useCapture } from '@/state/capture/useCapture'
import { useMeetingMedia } from '@/state/capture/useMeetingMedia'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import { type OwnVoice, useOwnVoice } from './ownVoice'
import { assignSlots } from './wall'

/** So many tiles stand on a page of the wall. */
export const TILE_SLOTS = 15
/** Slot 0 is the stage, the others are for the cells of a layout and for tiles. */
const SLOTS = 25

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
  /** Have these sources in slots, the first ones first; `look` goes to one's own stage instead of the broadcast. */
  show: (sources: readonly string[], look: string | null) => void
  /** The line of this call, as its own connections count it. */
  line: () => Promise<LineOutcome>
  /** `ended`: the meeting was ended or left, and the hub closed its sessions with it. */
  stop: (ended?: boolean) => void
}

/**
 * `me`: one's own account. Watches at once and publishes what its keys open, until `stop` or the end of the calling scope.
 * Tests bring `devices`.
 */
export function useConsoleMedia(live: Live, room: MeetingRoom, me: string, devices?: Devices | null): ConsoleMedia {
  const capture = useCapture({ picture: 'console', choice: useChosen().choice, ...(devices === undefined ? {} : { devices }) })
  const own = useOwnVoice(capture)
  const shared = useMeetingMedia(live, room, me, capture, SLOTS + 1)
  const { watcher, sending, slots, watching } = shared
  const qualities = shallowRef<readonly (Quality | null)[]>([])
  let tiles: (string | null)[] = []
  let stopped = false

  watcher.onTiles = (next) => {
    qualities.value = next
  }

  function stop(ended = false): void {
    if (stopped) return
    stopped = true
    shared.stop(ended)
    own.stop()
  }

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
      tiles = assignSlots(tiles, sources, SLOTS)
      watcher.choose([look ?? STAGE, ...tiles])
    },
    line: async () => (await import('@/state/capture/line')).readLine(shared.publisher, watcher),
    resume: () => {
      sending.resume()
    },
    stop,
  }
}
