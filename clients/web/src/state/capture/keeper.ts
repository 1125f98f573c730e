/** One device kept at work: taken, watched, and asked for again when it goes away. Knows of no page. */
import type { DeviceState } from '@/protocol/types'

import type { Taken } from './devices'

/** Asked again after so long (ms), the last one over and over: a plug is put back within seconds or within minutes. */
const AGAIN_MS = [0, 1_000, 2_000, 4_000, 8_000, 15_000] as const
/** Asked by the clock so often (ten minutes); afterwards when something changes, or by hand. */
const MOST_TRIES = 44
/** A device that worked for so long (ms) is asked for at once when it goes: a shorter life counts as one more try. */
const STEADY_MS = 5_000
/** A device that gives nothing is called failed after so long (ms), */
const STALLED_MS = 2_000
/** and let go and asked for anew after so much longer. */
const PATIENCE_MS = 5_000

/** Milliseconds to wait before try number `attempt` (0 the first), or null: no longer by the clock. */
export function waitBefore(attempt: number): number | null {
  if (attempt >= MOST_TRIES) return null
  return AGAIN_MS[Math.min(attempt, AGAIN_MS.length - 1)] ?? null
}

export class Keeper {
  track: MediaStreamTrack | null = null
  state: DeviceState = 'off'
  /** It worked, went away, and is being asked for again. */
  lost = false
  /** Told of every change of track, state or loss. */
  onChange: () => void = () => undefined
  private wanted = false
  private enabled = true
  /** The track in hand gives nothing (`mute`): the system sleeps, or something else has the device. */
  private stalled = false
  private attempt = 0
  private takenAt = 0
  private asking: Promise<void> | undefined
  private again = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private stall: ReturnType<typeof setTimeout> | undefined

  /** `ask` never throws. `now` in ms, of any clock that runs evenly. */
  constructor(
    private readonly ask: () => Promise<Taken>,
    private readonly now: () => number = () => performance.now(),
    private readonly visible: () => boolean = () => document.visibilityState !== 'hidden',
  ) {}

  get lacking(): boolean {
    return this.wanted && (this.track === null || this.stalled)
  }

  want(): void {
    this.wanted = true
  }

  /** Ask for it unless it is in hand; resolves when this try is over. */
  async take(): Promise<void> {
    this.want()
    if (!this.lacking) return
    clearTimeout(this.timer)
    this.asking ??= this.askOnce().finally(() => {
      this.asking = undefined
    })
    await this.asking
  }

  /** Something changed (plugged in, allowed, awake, pressed by hand): what is lacking is asked for at once. */
  async poke(): Promise<void> {
    if (this.track?.readyState === 'ended') this.goneAway()
    this.attempt = 0
    if (!this.lacking) return
    if (this.asking !== undefined) this.again = true
    await this.take()
  }

  /** The device is not there any more, whatever its track says. */
  goneAway(): void {
    if (this.track === null) return
    this.release()
    this.lost = true
    this.state = 'failed'
    if (this.now() - this.takenAt >= STEADY_MS) this.attempt = 0
    this.onChange()
    this.later()
  }

  /** Another device is wanted: what is in hand goes first, because phones give one at a time. */
  async renew(): Promise<void> {
    if (!this.wanted) return
    this.release()
    this.attempt = 0
    if (this.asking !== undefined) {
      await this.asking
      this.release()
    }
    await this.take()
  }

  /** What an ask brought. */
  give(taken: Taken): void {
    if (!this.wanted) {
      taken.track?.stop()
      return
    }
    this.release()
    this.state = taken.state
    if (taken.track === null) {
      this.lost = this.lost && taken.state !== 'denied'
      this.onChange()
      this.later()
      return
    }
    this.again = false
    this.track = taken.track
    this.takenAt = this.now()
    this.lost = false
    this.watch(taken.track)
    this.onChange()
  }

  /** Off by wish, or on again, with the device in hand: kept over devices that come and go. */
  enable(on: boolean): void {
    this.enabled = on
    if (this.track !== null) this.track.enabled = on
  }

  letGo(): void {
    this.wanted = false
    this.lost = false
    this.again = false
    this.attempt = 0
    clearTimeout(this.timer)
    const before = this.state
    this.release()
    this.state = 'off'
    if (before !== 'off') this.onChange()
  }

  private async askOnce(): Promise<void> {
    // a stalled track goes first: phones give a device once
    if (this.stalled) this.release()
    this.again = false
    this.give(await this.ask())
  }

  private watch(track: MediaStreamTrack): void {
    track.enabled = this.enabled
    track.onended = () => {
      if (track === this.track) this.goneAway()
    }
    track.onmute = () => {
      this.stalls(track, true)
    }
    track.onunmute = () => {
      clearTimeout(this.stall)
      if (track !== this.track || !this.stalled) return
      this.stalled = false
      this.lost = false
      this.state = 'on'
      this.onChange()
    }
    // silent from the first moment on: a switch at the device; a new track would be the same
    if (track.muted) this.stalls(track, false)
  }

  private stalls(track: MediaStreamTrack, renewing: boolean): void {
    clearTimeout(this.stall)
    this.stall = setTimeout(() => {
      if (track !== this.track) return
      this.stalled = true
      this.lost = true
      this.state = 'failed'
      this.onChange()
      if (!renewing) return
      // behind another window phones hold the camera back: coming back pokes
      this.stall = setTimeout(() => {
        if (track === this.track && this.stalled && this.visible()) void this.take()
      }, PATIENCE_MS)
    }, STALLED_MS)
  }

  private later(): void {
    clearTimeout(this.timer)
    // a no of a person is asked about by a person; an allowance pokes
    if (!this.wanted || (this.state === 'denied' && !this.again)) return
    const wait = this.again ? 0 : waitBefore(this.attempt)
    this.again = false
    this.attempt += 1
    if (wait !== null) this.timer = setTimeout(() => void this.take(), wait)
  }

  private release(): void {
    clearTimeout(this.stall)
    this.stalled = false
    const { track } = this
    this.track = null
    if (track === null) return
    track.onended = null
    track.onmute = null
    track.onunmute = null
    track.stop()
  }
}
