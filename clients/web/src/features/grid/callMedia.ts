/** What a phone sends to a meeting and gets from it: its camera and microphone small enough for a weak line, one picture and the sound back. */
import { ref, type Ref, shallowRef, type ShallowRef } from 'vue'

import { cameraEncodings, type PictureProfile } from '@/protocol/encodings'
import { browserParts, type MediaState } from '@/protocol/mediaLink'
import type { Fetch } from '@/protocol/api'
import { Relay } from '@/protocol/relay'
import type { Pictures, Quality } from '@/protocol/types'
import { Watcher } from '@/protocol/whep'
import { Publisher } from '@/protocol/whip'
import { LineJudge } from '@/state/weakLine'

/** A phone on the move: less than a station, and fewer pictures a second before smaller ones. */
export const PHONE_CAMERA: PictureProfile = {
  source: 'camera',
  hint: 'motion',
  keep: 'balanced',
  encodings: (width, _height, cores) => cameraEncodings({ low: 100_000, middle: 350_000, high: 800_000, maxFramerate: 15 }, width, cores),
}
/** What the way up has to carry (bit/s) for the picture, and for the sound beside a small one. */
const POOR_BPS = 220_000
const LOST_BPS = 70_000
const LOOK_MS = 2_000
/** As many voices at once as are understood. */
const VOICES = 3

export type Facing = 'environment' | 'user'
/** Which of both could not be had. */
export type Lacks = 'camera' | 'microphone' | 'neither' | null

/** How well the way up carries what is sent, from what the browser measures; undefined where it measures nothing. Pure. */
export function upQuality(available: number | undefined, lost: number | undefined): Quality | undefined {
  if (available === undefined && lost === undefined) return undefined
  if ((available ?? Infinity) < LOST_BPS || (lost ?? 0) > 0.4) return 'lost'
  if ((available ?? Infinity) < POOR_BPS || (lost ?? 0) > 0.15) return 'poor'
  return 'good'
}

export class CallMedia {
  readonly picture: MediaStream
  readonly sounds: readonly MediaStream[]
  readonly own: ShallowRef<MediaStream | undefined> = shallowRef()
  readonly facing: Ref<Facing> = ref('environment')
  readonly microphoneOff = ref(false)
  readonly cameraOff = ref(false)
  readonly lacks: Ref<Lacks> = ref(null)
  /** Of what is sent, and of what comes. */
  readonly up: Ref<MediaState> = ref('stopped')
  readonly down: Ref<MediaState> = ref('stopped')
  readonly pictures: Ref<Pictures> = ref('all')
  private readonly publisher: Publisher
  private readonly watcher: Watcher
  private readonly judge = new LineJudge()
  private timer: ReturnType<typeof setInterval> | undefined
  private taking: Promise<void> = Promise.resolve()
  private video: MediaStreamTrack | null = null
  private audio: MediaStreamTrack | null = null
  private over = false

  constructor(meeting: string, fetchLike: Fetch) {
    const parts = { ...browserParts, fetch: fetchLike, relay: new Relay() }
    this.publisher = new Publisher(meeting, parts, PHONE_CAMERA)
    // the hub itself fills the one slot with what is on the stage
    this.watcher = new Watcher(meeting, { video: 1, audio: VOICES }, async () => undefined, parts)
    this.picture = this.watcher.video[0] ?? new MediaStream()
    this.sounds = this.watcher.audio
    this.publisher.onState = (state) => (this.up.value = state)
    this.watcher.onState = (state) => (this.down.value = state)
  }

  start(): void {
    this.watcher.start()
    this.timer = setInterval(() => void this.look(), LOOK_MS)
    void this.take()
  }

  stop(): void {
    this.over = true
    clearInterval(this.timer)
    this.publisher.stop()
    this.watcher.stop()
    this.letGo()
  }

  /** The page is looked at again, or the network is another one. */
  nudge(): void {
    this.publisher.nudge()
    this.watcher.nudge()
    const dead = (track: MediaStreamTrack | null): boolean => track?.readyState === 'ended'
    // a phone takes the camera away from a page in the background
    if (dead(this.video) || dead(this.audio)) void this.take()
  }

  /** Camera and microphone, one after the other: without the one the other is sent. */
  async take(): Promise<void> {
    this.taking = this.taking.then(async () => this.takeBoth()).catch(() => undefined)
    return this.taking
  }

  async turn(): Promise<void> {
    this.facing.value = this.facing.value === 'environment' ? 'user' : 'environment'
    // a phone opens one camera at a time
    this.video?.stop()
    this.video = null
    await this.take()
  }

  mute(off: boolean): void {
    this.microphoneOff.value = off
    if (this.audio !== null) this.audio.enabled = !off
  }

  async hide(off: boolean): Promise<void> {
    this.cameraOff.value = off
    if (off) {
      this.video?.stop()
      this.video = null
    }
    await this.take()
  }

  private async takeBoth(): Promise<void> {
    if (this.video?.readyState === 'ended') this.video = null
    if (this.audio?.readyState === 'ended') this.audio = null
    if (!this.cameraOff.value) this.video ??= await track({ video: { facingMode: { ideal: this.facing.value }, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 15, max: 30 } } })
    this.audio ??= await track({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
    if (this.over) {
      this.letGo()
      return
    }
    const noCamera = this.video === null && !this.cameraOff.value
    this.lacks.value = noCamera ? (this.audio === null ? 'neither' : 'camera') : this.audio === null ? 'microphone' : null
    if (this.audio !== null) this.audio.enabled = !this.microphoneOff.value
    this.own.value = this.video === null ? undefined : new MediaStream([this.video])
    const tracks = { video: this.video, audio: this.audio }
    if (this.publisher.state === 'stopped') this.publisher.publish(tracks)
    else await this.publisher.replace(tracks)
  }

  private letGo(): void {
    this.video?.stop()
    this.audio?.stop()
    this.video = this.audio = null
    this.own.value = undefined
  }

  /** On a weak line less picture goes up, then none; the sound always does. */
  private async look(): Promise<void> {
    const report = await this.publisher.stats()
    if (report === undefined || this.up.value !== 'connected') return
    let available: number | undefined
    let lost: number | undefined
    report.forEach((one: Record<string, unknown>) => {
      if (one['type'] === 'candidate-pair' && one['nominated'] === true) available = one['availableOutgoingBitrate'] as number | undefined
      if (one['type'] === 'remote-inbound-rtp' && one['kind'] === 'audio') lost = one['fractionLost'] as number | undefined
    })
    const next = this.judge.judge(Date.now(), this.pictures.value, { down: undefined, up: upQuality(available, lost), main: undefined })
    if (next === this.pictures.value) return
    this.pictures.value = next
    this.publisher.limit(next)
  }
}

/** One track, or null where the browser or its owner does not give it. */
async function track(wanted: MediaStreamConstraints): Promise<MediaStreamTrack | null> {
  try {
    return (await navigator.mediaDevices.getUserMedia(wanted)).getTracks()[0] ?? null
  } catch {
    return null
  }
}
