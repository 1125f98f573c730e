/**
 * Camera and microphone of a page as refs: taken when wanted, kept over devices that come and go, let go when not.
 * Every page captures by this: what a lost device means, and how it comes back, is the same everywhere.
 */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import type { DeviceState } from '@/protocol/types'

import { whenSessionEnds } from '../sessionEnd'
import { browserDevices, capture, captureOne, type Choice, type Device, type Devices, type Kind, listDevices, type PictureSize } from './devices'
import { Keeper } from './keeper'
import { type Quieted, quieten, type Quieten, type QuietState } from './quiet'

export interface Tracks {
  readonly video: MediaStreamTrack | null
  readonly audio: MediaStreamTrack | null
}

export interface Capture {
  readonly video: Readonly<Ref<MediaStreamTrack | null>>
  /** The sound as it is sent: without noise, where that is wished. */
  readonly audio: Readonly<Ref<MediaStreamTrack | null>>
  /** Whether noise is taken out of it. */
  readonly quiet: Readonly<Ref<QuietState>>
  /** One's own picture, for showing it here; undefined without one. */
  readonly picture: Readonly<Ref<MediaStream | undefined>>
  /** How the devices are, whether or not they are switched off by `enable`. */
  readonly camera: Readonly<Ref<DeviceState>>
  readonly microphone: Readonly<Ref<DeviceState>>
  /** What others are told (`device`): a device that is switched off is off. */
  readonly told: ComputedRef<{ camera: DeviceState; microphone: DeviceState }>
  /** Worked, went away, and is being asked for again. */
  readonly lost: Readonly<Ref<{ readonly camera: boolean; readonly microphone: boolean }>>
  readonly enabled: Readonly<Ref<{ readonly camera: boolean; readonly microphone: boolean }>>
  /** A try that somebody waits for is on its way: the first, or one by hand. */
  readonly taking: Readonly<Ref<boolean>>
  readonly cameras: Readonly<Ref<readonly Device[]>>
  readonly microphones: Readonly<Ref<readonly Device[]>>
  readonly speakers: Readonly<Ref<readonly Device[]>>
  /** This machine has none of the kind, as far as the browser tells. */
  readonly missing: Readonly<Ref<{ readonly camera: boolean; readonly microphone: boolean }>>
  /** Want these (both, where it is not said) and ask at once for what is not in hand; never throws. */
  take: (kinds?: readonly Kind[]) => Promise<void>
  /** Ask again by hand for what is wanted and lacking. */
  retry: () => Promise<void>
  /** Take another device, or the same one otherwise, where this kind is wanted; the choice itself is the page's (`choice`). */
  chosen: (kind: Kind) => Promise<void>
  /** Off by wish, or on again, with the device in hand. */
  enable: (kind: Kind, on: boolean) => void
  /** Stop these (both, where it is not said): in the same tick nothing is captured any more. */
  letGo: (kinds?: readonly Kind[]) => void
  /** Told when a track is another one than before. */
  onTracks: (listener: (tracks: Tracks) => void) => () => void
}

export interface CaptureOptions {
  readonly picture?: PictureSize
  /** Ids of the devices that the person chose, null for any. */
  readonly choice?: () => Pick<Choice, 'camera' | 'microphone' | 'quiet'>
  /** Tests bring fakes. */
  readonly devices?: Devices | null
  readonly quieten?: Quieten
}

const BOTH: readonly Kind[] = ['video', 'audio']
const ANY = { camera: null, microphone: null }
/** Browsers tell of one plug several times. */
const SETTLE_MS = 200

/** Lives as long as the scope that calls it. */
export function useCapture(options: CaptureOptions = {}): Capture {
  const devices = options.devices === undefined ? browserDevices() : options.devices
  const choice: () => Pick<Choice, 'camera' | 'microphone' | 'quiet'> = options.choice ?? (() => ANY)
  const quietener = options.quieten ?? quieten
  const quiet = ref<QuietState>('off')
  let quieted: Quieted | undefined
  const chosenOf = (kind: Kind): string | null => (kind === 'video' ? choice().camera : choice().microphone)
  const video = shallowRef<MediaStreamTrack | null>(null)
  const audio = shallowRef<MediaStreamTrack | null>(null)
  const picture = shallowRef<MediaStream>()
  const camera = ref<DeviceState>('off')
  const microphone = ref<DeviceState>('off')
  const lost = shallowRef({ camera: false, microphone: false })
  const enabled = shallowRef({ camera: true, microphone: true })
  const taking = ref(false)
  const cameras = shallowRef<readonly Device[]>([])
  const microphones = shallowRef<readonly Device[]>([])
  const speakers = shallowRef<readonly Device[]>([])
  const missing = shallowRef({ camera: false, microphone: false })
  const listeners = new Set<(tracks: Tracks) => void>()
  /** While both kinds change at once: two sessions would be made for it, one after the other. */
  let together = false
  /** The track that is being quietened, or was, or could not be. */
  let quieting: MediaStreamTrack | null = null

  const wishes = (): Pick<Choice, 'picture' | 'quiet'> => ({
    ...(options.picture === undefined ? {} : { picture: options.picture }),
    quiet: choice().quiet ?? false,
  })
  const keeperOf = (kind: Kind): Keeper => new Keeper(() => captureOne(devices, kind, chosenOf(kind), wishes()))
  const keepers: Record<Kind, Keeper> = { video: keeperOf('video'), audio: keeperOf('audio') }
  for (const kind of BOTH) keepers[kind].onChange = show

  function atOnce(what: () => void): void {
    together = true
    what()
    together = false
    show()
  }

  function show(): void {
    if (together) return
    const { video: cam, audio: mic } = keepers
    hush(mic.track)
    const sound = quieted?.track ?? mic.track
    const changed = cam.track !== video.value || sound !== audio.value
    if (cam.track !== video.value) picture.value = cam.track === null ? undefined : new MediaStream([cam.track])
    video.value = cam.track
    audio.value = sound
    camera.value = cam.state
    microphone.value = mic.state
    lost.value = { camera: cam.lost, microphone: mic.lost }
    if (changed) for (const listener of [...listeners]) listener({ video: cam.track, audio: sound })
  }

  /** What is sent of this microphone goes through the suppression of noise, if that is wished; until it runs, and where it cannot, as it is. */
  function hush(raw: MediaStreamTrack | null): void {
    const wished = raw !== null && choice().quiet === true
    if (quieted !== undefined && (!wished || quieted.of !== raw)) {
      quieted.stop()
      quieted = undefined
    }
    if (!wished) {
      quieting = null
      quiet.value = 'off'
    }
    if (!wished || quieted !== undefined || quieting === raw) return
    quieting = raw
    quiet.value = 'starting'
    quietener(raw).then(
      (made) => {
        if (quieting !== raw || keepers.audio.track !== raw) {
          made.stop()
          return
        }
        made.track.enabled = raw.enabled
        quieted = made
        quiet.value = 'on'
        show()
      },
      () => {
        if (quieting === raw) quiet.value = 'failed'
      },
    )
  }

  async function list(): Promise<void> {
    const found = await listDevices(devices)
    cameras.value = found.cameras
    microphones.value = found.microphones
    speakers.value = found.speakers
    missing.value = found.missing
  }

  async function waitedFor(tries: () => Promise<unknown>): Promise<void> {
    taking.value = true
    try {
      await tries()
    } finally {
      taking.value = false
    }
    await list()
  }

  /** Both at once, so that the browser puts one question. */
  async function takeBoth(): Promise<void> {
    const got = await capture(devices, { ...choice(), ...wishes() })
    atOnce(() => {
      keepers.audio.give(got.audio === null ? { track: null, state: got.microphone } : { track: got.audio, state: 'on' })
      keepers.video.give(got.video === null ? { track: null, state: got.camera } : { track: got.video, state: 'on' })
    })
  }

  async function take(kinds: readonly Kind[] = BOTH): Promise<void> {
    if (over) return
    for (const kind of kinds) keepers[kind].want()
    if (taking.value) return
    await waitedFor(async () => {
      if (keepers.video.lacking && keepers.audio.lacking) await takeBoth()
      else for (const kind of ['audio', 'video'] as const) if (keepers[kind].lacking) await keepers[kind].take()
    })
  }

  function chosen(kind: Kind): Promise<void> {
    return waitedFor(() => keepers[kind].renew())
  }

  /** The list of devices is another one: who is gone, who is back. */
  async function changed(): Promise<void> {
    await list()
    for (const kind of BOTH) {
      const keeper = keepers[kind]
      const there = kind === 'video' ? cameras.value : microphones.value
      const using = keeper.track?.getSettings().deviceId ?? ''
      const wished = chosenOf(kind)
      if (using !== '' && there.length > 0 && !there.some((one) => one.id === using)) keeper.goneAway()
      // the chosen one is back: whoever chose it wants it
      else if (keeper.track !== null && wished !== null && using !== wished && there.some((one) => one.id === wished))
        await keeper.renew()
      await keeper.poke()
    }
  }
  let settling: ReturnType<typeof setTimeout> | undefined
  const plugged = (): void => {
    clearTimeout(settling)
    settling = setTimeout(() => void changed(), SETTLE_MS)
  }
  const woken = (): void => {
    if (document.visibilityState !== 'visible') return
    // whoever said no is not asked anew at every look at the page
    for (const kind of BOTH) if (keepers[kind].state !== 'denied') void keepers[kind].poke()
  }
  // a choice that pages share: whoever chooses, wherever it is, all that runs follows
  watch(() => choice().camera, () => void chosen('video'))
  watch([() => choice().microphone, () => choice().quiet], () => void chosen('audio'))
  void list()
  devices?.addEventListener?.('devicechange', plugged)
  document.addEventListener('visibilitychange', woken)
  const offAllowed = watchPermissions((kind) => void keepers[kind].poke())

  function letGo(kinds: readonly Kind[] = BOTH): void {
    atOnce(() => {
      for (const kind of kinds) keepers[kind].letGo()
    })
  }
  let over = false
  whenSessionEnds(() => {
    over = true
    letGo()
  })
  onScopeDispose(() => {
    clearTimeout(settling)
    devices?.removeEventListener?.('devicechange', plugged)
    document.removeEventListener('visibilitychange', woken)
    offAllowed()
    letGo()
    listeners.clear()
  })

  return {
    video,
    audio,
    quiet,
    picture,
    camera,
    microphone,
    told: computed(() => ({
      camera: camera.value === 'on' && !enabled.value.camera ? 'off' : camera.value,
      microphone: microphone.value === 'on' && !enabled.value.microphone ? 'off' : microphone.value,
    })),
    lost,
    enabled,
    taking,
    cameras,
    microphones,
    speakers,
    missing,
    take,
    retry: () => waitedFor(async () => {
      for (const kind of ['audio', 'video'] as const) await keepers[kind].poke()
    }),
    chosen,
    enable(kind, on) {
      keepers[kind].enable(on)
      if (kind === 'audio' && quieted !== undefined) quieted.track.enabled = on
      enabled.value = { ...enabled.value, [kind === 'video' ? 'camera' : 'microphone']: on }
    },
    letGo,
    onTracks(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Told when the person allows a device in the browser's own settings; browsers that cannot tell stay silent. */
function watchPermissions(allowed: (kind: Kind) => void): () => void {
  const watched: PermissionStatus[] = []
  let over = false
  async function watch(kind: Kind, name: string): Promise<void> {
    const permissions = navigator.permissions as Permissions | undefined
    const status = await permissions?.query({ name: name as PermissionName }).catch(() => undefined)
    if (status === undefined || over) return
    watched.push(status)
    status.onchange = () => {
      if (status.state !== 'denied') allowed(kind)
    }
  }
  void watch('video', 'camera')
  void watch('audio', 'microphone')
  return () => {
    over = true
    for (const status of watched) status.onchange = null
  }
}
