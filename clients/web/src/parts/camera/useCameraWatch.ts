/** Watching cameras: one session for all that a page shows, its words, its tile sizes, and its coming back by itself. */
import { onBeforeUnmount, onMounted, onScopeDispose, type Ref, ref, shallowReactive, shallowRef, watch } from 'vue'

import { tileSizes, type TileSizes } from '@/parts/tileSizes'
import type { MediaLinkParts, MediaState } from '@/protocol/mediaLink'
import type { Refused } from '@/protocol/refusal'
import type { CameraEvent, ClosedReason, MediaEvent, Quality } from '@/protocol/types'
import { MOST_VIDEO_SLOTS, Watcher } from '@/protocol/whep'
import type { Live } from '@/state/live'

import { placed } from './places'

/** The standing place in which cameras are watched, in place of a meeting. */
export const PLACE = 'cameras'
/** With nothing to show the session is kept so long (ms): a tour between two walls, a page that is laid out anew. */
const IDLE_MS = 10_000
/** A page that nobody sees lets go of its pictures after so long (ms): somebody may only look at another window for a moment. */
const HIDDEN_MS = 60_000
/** So long (ms) before a session that the hub ended is begun again. */
const AGAIN_MS = 5_000
/** So long (ms) before it is said again whom one hears, where the hub would not take it. */
const HEAR_AGAIN_MS = 2_000
/** An account watches in one session: of what a page shows one upon the other, the uppermost has it, and gives it back. */
const uppermost: { readonly rest: () => void; readonly goOn: () => void }[] = []

export interface CameraShown {
  /** Undefined for a camera that was not asked for, or has no slot left. */
  readonly stream: MediaStream | undefined
  /** Whether the hub has it in its slot. */
  readonly placed: boolean
  readonly told: CameraEvent | undefined
  readonly quality: Quality | null
}

export interface CameraWatch {
  /** How our own line stands; `stopped` while nothing is to be shown, too. */
  readonly line: Readonly<Ref<MediaState>>
  /** Why the hub does not let us watch; tried again by itself. */
  readonly refusal: Readonly<Ref<Refused | undefined>>
  /** Another page of this account took the session: it goes on there until `again`. */
  readonly taken: Readonly<Ref<boolean>>
  /** Nobody saw the page for long: it watches nothing until it is seen again. */
  readonly rests: Readonly<Ref<boolean>>
  /** Show these cameras; those that were shown before keep their pictures. */
  show: (cameras: readonly (string | null)[]) => void
  of: (camera: string) => CameraShown
  /** Begin again at once. */
  again: () => void
  /** To be provided as `tileSizesKey`: by it the hub chooses which stream each tile gets. */
  readonly sizes: TileSizes
  /** Hear this one of those that are shown, or none; it goes on until it is shown no more. */
  listen: (camera: string | null) => void
  /** Which one is heard. */
  readonly listening: Readonly<Ref<string | null>>
  /** What is heard: to be played while `listening`. */
  readonly sounds: readonly MediaStream[]
}

export interface WatchOptions {
  /** The most cameras at once. */
  readonly slots: number
  readonly sound?: boolean
  readonly parts?: MediaLinkParts
  readonly makeStream?: () => MediaStream
}

const NOTHING: CameraShown = { stream: undefined, placed: false, told: undefined, quality: null }

/** Lives as long as the calling scope. */
export function useCameraWatch(live: Pick<Live, 'socket'>, { slots, sound = false, parts, makeStream }: WatchOptions): CameraWatch {
  const watcher = new Watcher(PLACE, { video: Math.min(slots, MOST_VIDEO_SLOTS), audio: sound ? 1 : 0 }, async (selection) => {
    await live.socket.call('select', selection)
    void hear()
  }, parts, makeStream)
  const words = shallowRef<readonly (string | null)[]>(watcher.video.map(() => null))
  const held = shallowRef(watcher.slots.video)
  const qualities = shallowRef<readonly (Quality | null)[]>([])
  const told = shallowReactive(new Map<string, CameraEvent>())
  const line = ref<MediaState>('stopped')
  const refusal = shallowRef<Refused>()
  const taken = ref(false)
  const rests = ref(false)
  /** Something stands over it that shows cameras. */
  let covered = false
  const listening = ref<string | null>(null)
  /** For which session it was said last whom one hears. */
  let heardIn = ''
  let idle: ReturnType<typeof setTimeout> | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let hidden: ReturnType<typeof setTimeout> | undefined
  let hearing: ReturnType<typeof setTimeout> | undefined

  const wanted = (): boolean => words.value.some((one) => one !== null) && !rests.value && !covered
  function begin(): void {
    clearTimeout(retry)
    if (wanted() && !taken.value) watcher.start()
  }
  watcher.onSlots = (now) => (held.value = now.video)
  watcher.onTiles = (now) => (qualities.value = now)
  watcher.onState = (state, why) => {
    line.value = state
    refusal.value = why
    clearTimeout(retry)
    if (state === 'stopped' && wanted() && !taken.value) retry = setTimeout(begin, AGAIN_MS)
  }

  function heard(event: MediaEvent): void {
    if (event.meeting !== PLACE) return
    switch (event.kind) {
      case 'slots':
        watcher.moved(event)
        break
      case 'tiles':
        watcher.judged(event)
        break
      case 'camera':
        told.set(event.camera, event)
        break
      case 'closed':
        closed(event.session, event.reason)
        break
      default: // a newer hub may tell more
    }
  }
  /** Say whom one hears: in each session anew, and after the choice of what is shown. */
  async function hear(): Promise<void> {
    const session = watcher.session
    const words = `${session ?? ''} ${listening.value ?? ''}`
    if (session === undefined || words === heardIn || (heardIn === '' && listening.value === null)) return
    heardIn = words
    try {
      await live.socket.call('listen', { session, camera: listening.value })
    } catch {
      if (heardIn !== words) return
      // a hub that has just started may not know yet what is shown here
      heardIn = ''
      clearTimeout(hearing)
      if (listening.value !== null) hearing = setTimeout(() => void hear(), HEAR_AGAIN_MS)
    }
  }
  function closed(session: string, reason: ClosedReason): void {
    if (session === watcher.session) taken.value = reason === 'replaced'
    watcher.closedByHub(session, reason)
  }
  const offs = [
    live.socket.on('media', heard),
    live.socket.on('hello', () => {
      watcher.nudge()
      void watcher.say()
      if (listening.value !== null) heardIn = ''
      void hear()
      begin()
    }),
  ]

  watch(words, (now) => {
    clearTimeout(idle)
    if (listening.value !== null && !now.includes(listening.value)) listening.value = null
    watcher.choose(now)
    for (const camera of told.keys()) if (!now.includes(camera)) told.delete(camera)
    if (wanted()) begin()
    else idle = setTimeout(() => { watcher.stop() }, IDLE_MS)
  })

  function looked(): void {
    clearTimeout(hidden)
    if (document.visibilityState === 'hidden') {
      hidden = setTimeout(() => {
        rests.value = true
        watcher.stop()
      }, HIDDEN_MS)
      return
    }
    rests.value = false
    begin()
  }
  onMounted(() => {
    document.addEventListener('visibilitychange', looked)
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', looked)
  })
  const standing = {
    rest: () => {
      covered = true
      watcher.stop()
    },
    goOn: () => {
      covered = false
      begin()
    },
  }
  uppermost.at(-1)?.rest()
  uppermost.push(standing)
  onScopeDispose(() => {
    const was = uppermost.at(-1) === standing
    uppermost.splice(uppermost.indexOf(standing), 1)
    if (was) uppermost.at(-1)?.goOn()
    for (const timer of [idle, retry, hidden, hearing]) clearTimeout(timer)
    for (const off of offs) off()
    watcher.onState = () => undefined
    watcher.stop()
  })

  return {
    line,
    refusal,
    taken,
    rests,
    show(cameras) {
      const next = placed(words.value, cameras)
      if (next.some((one, at) => one !== words.value[at])) words.value = next
    },
    of(camera) {
      const at = words.value.indexOf(camera)
      if (at < 0) return NOTHING
      const there = held.value[at] === camera
      return { stream: watcher.video[at], placed: there, told: told.get(camera), quality: there ? (qualities.value[at] ?? null) : null }
    },
    again() {
      taken.value = false
      rests.value = false
      begin()
    },
    sizes: tileSizes(watcher.video, (at, size) => {
      watcher.sized(at, size)
    }),
    listen(camera) {
      listening.value = camera
      void hear()
    },
    listening,
    sounds: watcher.audio,
  }
}
