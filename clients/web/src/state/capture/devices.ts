/** Camera and microphone of a page: taken one by one, so that one that fails does not take the other with it. */
import type { DeviceState } from '@/protocol/types'

/** What of navigator.mediaDevices is used; tests bring a fake. */
export interface Devices {
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>
  enumerateDevices(): Promise<MediaDeviceInfo[]>
  addEventListener?(name: 'devicechange', listener: () => void): void
  removeEventListener?(name: 'devicechange', listener: () => void): void
}

export interface Choice {
  readonly camera: string | null
  readonly microphone: string | null
  /** Our own suppression of noise runs: the browser's would only take away from what it hears. */
  readonly quiet?: boolean
  /** How large the picture is asked for; a station's where it is not said. */
  readonly picture?: PictureSize
}

/** `village`: for a weak line. `console`: who convenes is who everybody looks at. */
export type PictureSize = 'village' | 'console'
const SIZES: Record<PictureSize, MediaTrackConstraints> = {
  village: { width: { ideal: 640, max: 1280 }, height: { ideal: 360, max: 720 }, frameRate: { ideal: 15, max: 20 } },
  console: { width: { ideal: 1280, max: 1280 }, height: { ideal: 720, max: 720 }, frameRate: { ideal: 25, max: 30 } },
}

/** What is in hand. A track that is null goes with a state that says why. */
export interface Captured {
  readonly video: MediaStreamTrack | null
  readonly audio: MediaStreamTrack | null
  readonly camera: DeviceState
  readonly microphone: DeviceState
}

export function videoConstraints(device: string | null, picture: PictureSize = 'village'): MediaTrackConstraints {
  return { ...SIZES[picture], ...(device === null ? { facingMode: 'user' } : { deviceId: { exact: device } }) }
}

/** `quiet`: our own suppression of noise comes after; a gain that rises in pauses before it would lift what it takes away. */
export function audioConstraints(device: string | null, quiet = false): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: !quiet,
    autoGainControl: !quiet,
    channelCount: 1,
    ...(device === null ? {} : { deviceId: { exact: device } }),
  }
}

/** The protocol's word for why a device could not be had. */
export function stateOfFailure(failure: unknown): DeviceState {
  const name = failure instanceof Error || failure instanceof DOMException ? failure.name : ''
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'PermissionDeniedError':
      return 'denied'
    case 'NotFoundError':
    case 'DevicesNotFoundError':
    case 'OverconstrainedError':
      return 'none'
    case 'NotReadableError':
    case 'TrackStartError':
    case 'AbortError':
      return 'busy'
    default:
      return 'failed'
  }
}

/** Null where the browser offers none: an address without HTTPS, or a very old browser. */
export function browserDevices(): Devices | null {
  return typeof navigator !== 'undefined' && 'mediaDevices' in navigator ? navigator.mediaDevices : null
}

export type Kind = 'video' | 'audio'
export type Taken = { track: MediaStreamTrack; state: 'on' } | { track: null; state: DeviceState }

/** How a device is asked for, besides which one. */
export type Wishes = Pick<Choice, 'picture' | 'quiet'>

async function take(devices: Devices, kind: Kind, device: string | null, wishes: Wishes): Promise<Taken> {
  const ask = async (id: string | null): Promise<Taken> => {
    const stream = await devices.getUserMedia(
      kind === 'video' ? { video: videoConstraints(id, wishes.picture) } : { audio: audioConstraints(id, wishes.quiet) },
    )
    const track = (kind === 'video' ? stream.getVideoTracks() : stream.getAudioTracks())[0]
    return track ? { track, state: 'on' } : { track: null, state: 'failed' }
  }
  try {
    return await ask(device)
  } catch (failure) {
    const state = stateOfFailure(failure)
    // The chosen device was unplugged since: any other is better than none.
    if (device !== null && state === 'none') return take(devices, kind, null, wishes)
    return { track: null, state }
  }
}

/**
 * Camera and microphone as far as they can be had; never throws. Both are asked for at once first, so that the browser
 * puts one question; only when that fails, each alone, to learn which of them it is.
 */
export async function capture(devices: Devices | null, choice: Choice): Promise<Captured> {
  if (!devices) return { video: null, audio: null, camera: 'failed', microphone: 'failed' }
  try {
    const stream = await devices.getUserMedia({
      video: videoConstraints(choice.camera, choice.picture),
      audio: audioConstraints(choice.microphone, choice.quiet),
    })
    const video = stream.getVideoTracks()[0] ?? null
    const audio = stream.getAudioTracks()[0] ?? null
    if (video && audio) return { video, audio, camera: 'on', microphone: 'on' }
    stream.getTracks().forEach((track) => {
      track.stop()
    })
  } catch {
    // found out below, one by one
  }
  const audio = await take(devices, 'audio', choice.microphone, choice)
  const video = await take(devices, 'video', choice.camera, choice)
  return { video: video.track, audio: audio.track, camera: video.state, microphone: audio.state }
}

/** One device anew (chosen by hand, or plugged in again); never throws. */
export async function captureOne(
  devices: Devices | null,
  kind: Kind,
  device: string | null,
  wishes: Wishes = {},
): Promise<Taken> {
  return devices ? take(devices, kind, device, wishes) : { track: null, state: 'failed' }
}

export interface Device {
  readonly id: string
  readonly label: string
}

export interface DeviceList {
  readonly cameras: Device[]
  readonly microphones: Device[]
  /** Empty in browsers that do not tell. */
  readonly speakers: Device[]
  /** There is none of this kind at all: known before anything is allowed. */
  readonly missing: { readonly camera: boolean; readonly microphone: boolean }
}

/** What can be chosen; labels are empty until the person has allowed one device. */
export async function listDevices(devices: Devices | null): Promise<DeviceList> {
  const all = devices ? await devices.enumerateDevices().catch(() => []) : []
  const missing = (kind: MediaDeviceKind): boolean => !all.some((device) => device.kind === kind)
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((device) => device.kind === kind && device.deviceId !== '').map(({ deviceId: id, label }) => ({ id, label }))
  return {
    cameras: of('videoinput'),
    microphones: of('audioinput'),
    speakers: of('audiooutput'),
    missing: { camera: missing('videoinput'), microphone: missing('audioinput') },
  }
}
