/** Cameras and microphones in memory: plugged in, pulled out, taken by others, put to sleep. */
import type { Devices, Kind } from '@/state/capture/devices'

export class FakeTrack {
  enabled = true
  muted = false
  readyState: 'live' | 'ended' = 'live'
  contentHint = ''
  onended: (() => void) | null = null
  onmute: (() => void) | null = null
  onunmute: (() => void) | null = null

  constructor(
    readonly kind: Kind,
    readonly deviceId: string,
  ) {}
  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId, width: 640 }
  }
  stop(): void {
    this.readyState = 'ended'
  }
  /** The system takes it away, as it does when a plug is pulled. */
  end(): void {
    this.readyState = 'ended'
    this.onended?.()
  }
  mute(): void {
    this.muted = true
    this.onmute?.()
  }
  unmute(): void {
    this.muted = false
    this.onunmute?.()
  }
}

interface Plugged {
  kind: Kind
  id: string
  /** Why it cannot be had, when it cannot. */
  trouble?: string
}

export class FakeDevices implements Devices {
  readonly tracks: FakeTrack[] = []
  /** How often each kind was asked for. */
  readonly asked = { video: 0, audio: 0 }
  /** Whether a pulled plug ends the track, as most systems do it. */
  ends = true
  private plugged: Plugged[]
  private readonly listeners = new Set<() => void>()

  constructor(...plugged: Plugged[]) {
    this.plugged = plugged
  }

  plug(...more: Plugged[]): void {
    this.plugged.push(...more)
    for (const listener of [...this.listeners]) listener()
  }
  pull(id: string): void {
    this.plugged = this.plugged.filter((one) => one.id !== id)
    if (this.ends) for (const track of this.tracks) if (track.deviceId === id && track.readyState === 'live') track.end()
    for (const listener of [...this.listeners]) listener()
  }
  trouble(id: string, trouble?: string): void {
    this.plugged = this.plugged.map((one) => (one.id === id ? { kind: one.kind, id, ...(trouble === undefined ? {} : { trouble }) } : one))
  }
  /** The track that is captured now. */
  live(kind: Kind): FakeTrack | undefined {
    return this.tracks.findLast((track) => track.kind === kind && track.readyState === 'live')
  }

  addEventListener(_: 'devicechange', listener: () => void): void {
    this.listeners.add(listener)
  }
  removeEventListener(_: 'devicechange', listener: () => void): void {
    this.listeners.delete(listener)
  }
  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    await Promise.resolve()
    return this.plugged.map(({ kind, id }) => ({ kind: kind === 'video' ? 'videoinput' : 'audioinput', deviceId: id, label: id }) as MediaDeviceInfo)
  }
  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    await Promise.resolve()
    const wanted = (['video', 'audio'] as const).filter((kind) => constraints[kind] !== undefined)
    const found = wanted.map((kind) => {
      this.asked[kind] += 1
      const { deviceId } = constraints[kind] as { deviceId?: { exact: string } }
      const one = this.plugged.find((each) => each.kind === kind && (deviceId === undefined || each.id === deviceId.exact))
      if (one === undefined) throw new DOMException('', deviceId === undefined ? 'NotFoundError' : 'OverconstrainedError')
      if (one.trouble !== undefined) throw new DOMException('', one.trouble)
      return new FakeTrack(kind, one.id)
    })
    this.tracks.push(...found)
    return {
      getTracks: () => found,
      getVideoTracks: () => found.filter((one) => one.kind === 'video'),
      getAudioTracks: () => found.filter((one) => one.kind === 'audio'),
    } as unknown as MediaStream
  }
}
