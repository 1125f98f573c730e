/** The station's own camera and microphone as refs: taken when needed, let go when not, watched for what happens to them. */
import { onScopeDispose, type Ref, ref, shallowRef } from 'vue'

import type { DeviceState } from '@/protocol/types'

import { browserDevices, capture, captureOne, type Device, listDevices } from './devices'
import { barOf, LevelMeter, SilenceWatch } from './meter'
import type { Bell } from './tone'

const CAMERA_KEY = 'lianxian.station.camera'
const MICROPHONE_KEY = 'lianxian.station.microphone'
const MEASURE_MS = 150

type Kind = 'video' | 'audio'

export interface OwnMedia {
  readonly video: Readonly<Ref<MediaStreamTrack | null>>
  readonly audio: Readonly<Ref<MediaStreamTrack | null>>
  /** One's own picture, for showing it here; undefined without one. */
  readonly picture: Readonly<Ref<MediaStream | undefined>>
  readonly camera: Readonly<Ref<DeviceState>>
  readonly microphone: Readonly<Ref<DeviceState>>
  /** 0..1, how loud it is here. */
  readonly level: Readonly<Ref<number>>
  readonly silent: Readonly<Ref<boolean>>
  readonly taking: Readonly<Ref<boolean>>
  readonly cameras: Readonly<Ref<readonly Device[]>>
  readonly microphones: Readonly<Ref<readonly Device[]>>
  readonly chosen: Readonly<Ref<{ camera: string; microphone: string }>>
  /** Take what is not in hand yet; never throws. */
  take(): Promise<void>
  choose(kind: Kind, device: string): Promise<void>
  /** The picture off by wish, or on again. */
  toggleCamera(): Promise<void>
  letGo(): void
  /** Told when a track is another one than before. */
  onChange: () => void
}

export function useCapture(bell: Bell): OwnMedia {
  const devices = browserDevices()
  const video = shallowRef<MediaStreamTrack | null>(null)
  const audio = shallowRef<MediaStreamTrack | null>(null)
  const picture = shallowRef<MediaStream>()
  const camera = ref<DeviceState>('off')
  const microphone = ref<DeviceState>('off')
  const level = ref(0)
  const silent = ref(false)
  const taking = ref(false)
  const cameras = shallowRef<readonly Device[]>([])
  const microphones = shallowRef<readonly Device[]>([])
  const chosen = ref({ camera: localStorage.getItem(CAMERA_KEY) ?? '', microphone: localStorage.getItem(MICROPHONE_KEY) ?? '' })
  const silence = new SilenceWatch()
  let meter: LevelMeter | null = null
  let wanted = false
  let cameraOff = false

  function put(kind: Kind, track: MediaStreamTrack | null, state: DeviceState): void {
    const slot = kind === 'video' ? video : audio
    if (slot.value !== track) slot.value?.stop()
    slot.value = track
    if (kind === 'video') {
      camera.value = state
      picture.value = track ? new MediaStream([track]) : undefined
    } else {
      microphone.value = state
      meter?.close()
      meter = null
      silence.reset()
      silent.value = false
    }
    if (track)
      track.onended = () => {
        if (slot.value === track) put(kind, null, 'failed')
        own.onChange()
      }
  }

  async function refreshList(): Promise<void> {
    const found = await listDevices(devices)
    cameras.value = found.cameras
    microphones.value = found.microphones
  }

  async function take(): Promise<void> {
    wanted = true
    if (taking.value) return
    taking.value = true
    try {
      const choice = { camera: chosen.value.camera || null, microphone: chosen.value.microphone || null }
      if (!video.value && !audio.value && !cameraOff) {
        const got = await capture(devices, choice)
        put('video', got.video, got.camera)
        put('audio', got.audio, got.microphone)
      } else {
        if (!audio.value) {
          const got = await captureOne(devices, 'audio', choice.microphone)
          put('audio', got.track, got.state)
        }
        if (!video.value && !cameraOff) {
          const got = await captureOne(devices, 'video', choice.camera)
          put('video', got.track, got.state)
        }
      }
      if (cameraOff) put('video', null, 'off')
    } finally {
      taking.value = false
    }
    if (!wanted) drop()
    await refreshList()
    own.onChange()
  }

  function drop(): void {
    put('video', null, camera.value === 'on' ? 'off' : camera.value)
    put('audio', null, microphone.value === 'on' ? 'off' : microphone.value)
    level.value = 0
  }

  const own: OwnMedia = {
    video,
    audio,
    picture,
    camera,
    microphone,
    level,
    silent,
    taking,
    cameras,
    microphones,
    chosen,
    take,
    async choose(kind, device) {
      const key = kind === 'video' ? 'camera' : 'microphone'
      chosen.value = { ...chosen.value, [key]: device }
      localStorage.setItem(kind === 'video' ? CAMERA_KEY : MICROPHONE_KEY, device)
      if (!wanted || (kind === 'video' && cameraOff)) return
      // Phones give one camera at a time: the old one has to go first.
      ;(kind === 'video' ? video : audio).value?.stop()
      const got = await captureOne(devices, kind, device || null)
      put(kind, got.track, got.state)
      own.onChange()
    },
    async toggleCamera() {
      cameraOff = !cameraOff
      if (cameraOff) {
        put('video', null, 'off')
        own.onChange()
      } else await take()
    },
    letGo() {
      wanted = false
      cameraOff = false
      drop()
    },
    onChange: () => undefined,
  }

  const timer = setInterval(() => {
    const track = audio.value
    const context = bell.audio()
    if (!track || context?.state !== 'running') return
    meter ??= new LevelMeter(context, track)
    const db = meter.read()
    if (db === null) return
    level.value = barOf(db)
    // A track that is switched off here delivers silence by wish.
    silent.value = track.enabled && silence.heard(db, performance.now())
  }, MEASURE_MS)

  const plugged = (): void => {
    void refreshList()
    // Something was plugged in: what was missing may be there now.
    const lacking = (state: DeviceState): boolean => state === 'none' || state === 'failed' || state === 'busy'
    if (wanted && (lacking(camera.value) || lacking(microphone.value))) void take()
  }
  if (devices) navigator.mediaDevices.addEventListener('devicechange', plugged)
  onScopeDispose(() => {
    clearInterval(timer)
    if (devices) navigator.mediaDevices.removeEventListener('devicechange', plugged)
    wanted = false
    drop()
  })
  return own
}
