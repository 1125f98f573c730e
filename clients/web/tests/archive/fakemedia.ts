/** A media element in virtual time: it plays as fast as its rate says, errs by a drift, and buffers when told. */
import type { MediaLike } from '@/pages/archive/playback'

export class Timer {
  ms = 0
  readonly now = (): number => this.ms
}

export class FakeMedia implements MediaLike {
  playbackRate = 1
  muted = false
  paused = true
  seeking = false
  error: unknown = null
  seeks: number[] = []
  /** How much faster than the wall clock this element's own clock runs: 1.01 gains 10 ms a second. */
  skew = 1
  /** Bytes are there; false stands for an empty buffer. */
  buffered = true
  /** What `play()` is refused with, until muted. */
  refusal: Error | null = null
  /** How long it takes from `play()` until the picture moves. */
  startTakesMs = 0
  private moves = 0
  private at = 0

  constructor(
    private readonly timer: Timer,
    readonly duration = 600,
    private readonly seekTakesMs = 60,
  ) {}

  private seekEnds = 0

  get currentTime(): number {
    return this.at
  }

  set currentTime(second: number) {
    this.at = Math.max(0, Math.min(second, this.duration))
    this.seeks.push(second)
    this.seeking = true
    this.seekEnds = this.timer.ms + this.seekTakesMs
  }

  get ended(): boolean {
    return this.at >= this.duration
  }

  get readyState(): number {
    return this.buffered && !this.seeking ? 4 : 1
  }

  play(): Promise<void> {
    if (this.refusal && !this.muted) return Promise.reject(this.refusal)
    this.paused = false
    this.moves = this.timer.ms + this.startTakesMs
    return Promise.resolve()
  }

  pause(): void {
    this.paused = true
  }

  advance(ms: number): void {
    if (this.seeking && this.timer.ms >= this.seekEnds) this.seeking = false
    if (!this.paused && this.timer.ms > this.moves && !this.seeking && this.buffered)
      this.at = Math.min(this.duration, this.at + (ms / 1000) * this.playbackRate * this.skew)
  }
}
