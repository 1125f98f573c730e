/** The synchronised multi-part player: one master clock, many media elements held to it. No Vue, no DOM. */

/** What the player needs of an HTMLMediaElement; tests bring a fake. Times in seconds, as in HTML. */
export interface MediaLike {
  currentTime: number
  playbackRate: number
  muted: boolean
  readonly paused: boolean
  readonly seeking: boolean
  readonly ended: boolean
  readonly readyState: number
  readonly duration: number
  readonly error: unknown
  play(): Promise<void>
  pause(): void
}

/** Where a part lies on the meeting's time line. `durationMs` is null while it is still being recorded. */
export interface PartSpan {
  readonly id: string
  readonly participant: string
  readonly offsetMs: number
  readonly durationMs: number | null
  readonly playable: boolean
}

/** What a part does at the present position; each is a word on the page. */
export type PartState =
  | 'playing' // its picture and sound belong here and are in step
  | 'waiting' // its bytes are not there yet; everybody waits for it
  | 'before' // its recording begins later
  | 'after' // its recording has ended
  | 'growing' // beyond what could be read of a part that is still being recorded
  | 'failed' // cannot be read; the others go on without it
  | 'missing'; // lost, or there is no file

export type PlayerState = 'paused' | 'playing' | 'waiting' | 'ended'

/** Elements nearer to the master than this are left alone, so that the rate does not flutter. */
export const IN_STEP_MS = 25
/** Beyond this a change of rate would take too long to hear away: seek. */
export const SEEK_DRIFT_MS = 150
/** So long after everybody was started the clock waits for the first of them: how soon a picture moves is the browser's. */
export const STARTING_MS = 1_500
/** While standing still, pictures are placed this exactly. */
export const STILL_DRIFT_MS = 20
/** A part that keeps all others waiting longer than this is set aside until the next jump. */
export const PATIENCE_MS = 8_000
/** Parts are loaded this long before they begin, and kept as long after they end. */
export const PRELOAD_MS = 15_000
/** HTMLMediaElement.HAVE_CURRENT_DATA / HAVE_FUTURE_DATA. */
const HAVE_CURRENT_DATA = 2
const HAVE_FUTURE_DATA = 3
/** Nearer to a file's end than this, nothing more is to be waited for. */
const END_SLACK_S = 0.25

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const
/** One picture, as far as they come evenly. */
export const FRAME_MS = 40

/** A clock that can be held, moved and made faster; `now` is any monotonic time in ms. */
export class MasterClock {
  private anchorMs = 0
  private anchorNow = 0
  private running = false
  private speed = 1

  constructor(private readonly now: () => number) {}

  get positionMs(): number {
    return this.running ? this.anchorMs + (this.now() - this.anchorNow) * this.speed : this.anchorMs
  }

  get rate(): number {
    return this.speed
  }

  set rate(value: number) {
    this.moveTo(this.positionMs)
    this.speed = value
  }

  /** Go on; `since` is the moment from which on it counts. */
  run(since = this.now()): void {
    if (this.running) return
    this.anchorNow = since
    this.running = true
  }

  hold(): void {
    this.anchorMs = this.positionMs
    this.running = false
  }

  moveTo(positionMs: number): void {
    this.anchorMs = positionMs
    this.anchorNow = this.now()
  }
}

interface Slot {
  span: PartSpan
  media: MediaLike | null
  state: PartState
  waitingSince: number | null
  setAside: boolean
  target: number | null
}

/** Where a part stands in relation to a position: its element's second, or why there is none. */
export function placeOf(span: PartSpan, positionMs: number): { second: number } | 'before' | 'after' {
  if (positionMs < span.offsetMs) return 'before'
  if (span.durationMs !== null && positionMs >= span.offsetMs + span.durationMs) return 'after'
  return { second: (positionMs - span.offsetMs) / 1000 }
}

/** Whether a part ought to be loaded: it covers the position or will soon, or did just now. */
export function isNear(span: PartSpan, positionMs: number): boolean {
  const end = span.durationMs === null ? Infinity : span.offsetMs + span.durationMs
  return span.playable && positionMs >= span.offsetMs - PRELOAD_MS && positionMs < end + PRELOAD_MS
}

/** The rate that brings an element back into step; `driftMs` > 0 means that it is ahead. */
export function correctedRate(rate: number, driftMs: number): number {
  if (Math.abs(driftMs) <= IN_STEP_MS) return rate
  // Ten per cent closes 100 ms in a second and is not heard as a change of pitch.
  const correction = Math.max(-0.1, Math.min(0.1, -driftMs / 1000))
  return rate * (1 + correction)
}

/**
 * Holds all attached elements to one clock. Call `tick()` about ten times a second: it starts and stops
 * parts as the position enters and leaves them, corrects drift, and holds everybody while one waits for bytes.
 */
export class SyncPlayer {
  private readonly clock: MasterClock
  private readonly slots = new Map<string, Slot>()
  private wantsToPlay = false
  private stalled = false
  /** When all were started together; null while they stand. */
  private startedAt: number | null = null
  private atEnd = false
  private blocked = false
  private totalMs = 0
  private live = false

  /** `now` is monotonic time in ms; `onBlocked` is called once when the browser refuses to start sound without a gesture. */
  constructor(
    private readonly now: () => number,
    private readonly onBlocked: () => void = () => undefined,
  ) {
    this.clock = new MasterClock(now)
  }

  get positionMs(): number {
    return Math.max(0, Math.min(this.clock.positionMs, this.totalMs))
  }

  get durationMs(): number {
    return this.totalMs
  }

  get rate(): number {
    return this.clock.rate
  }

  get state(): PlayerState {
    if (this.atEnd) return 'ended'
    if (!this.wantsToPlay) return 'paused'
    return this.stalled ? 'waiting' : 'playing'
  }

  /** The meeting's length so far; `live` says that it still grows. */
  setLength(totalMs: number, live: boolean): void {
    if (totalMs > this.totalMs) this.atEnd = false
    this.totalMs = totalMs
    this.live = live
  }

  /** Replace the parts; elements already attached to a part of the same id stay. */
  setParts(spans: readonly PartSpan[]): void {
    const ids = new Set(spans.map((span) => span.id))
    for (const id of this.slots.keys()) if (!ids.has(id)) this.slots.delete(id)
    for (const span of spans) {
      const slot = this.slots.get(span.id)
      if (slot) slot.span = span
      else
        this.slots.set(span.id, { span, media: null, state: 'before', waitingSince: null, setAside: false, target: null })
    }
  }

  attach(id: string, media: MediaLike): void {
    const slot = this.slots.get(id)
    if (!slot || slot.media === media) return
    slot.media = media
    slot.target = null
    slot.setAside = false
    slot.waitingSince = null
  }

  detach(id: string): void {
    const slot = this.slots.get(id)
    if (!slot) return
    slot.media?.pause()
    slot.media = null
    slot.target = null
  }

  partState(id: string): PartState {
    return this.slots.get(id)?.state ?? 'missing'
  }

  play(): void {
    if (this.atEnd) {
      this.clock.moveTo(0)
      this.atEnd = false
    }
    this.wantsToPlay = true
    this.tick()
  }

  /** The person has pressed something: elements may be heard from now on; the page unmutes them. */
  unblock(): void {
    this.blocked = false
  }

  pause(): void {
    this.wantsToPlay = false
    this.stalled = false
    this.clock.hold()
    this.tick()
  }

  /** Move every picture to this moment of the meeting; playing goes on if it was playing. */
  seek(positionMs: number): void {
    this.clock.moveTo(Math.max(0, Math.min(positionMs, this.totalMs)))
    this.atEnd = false
    this.startedAt = null
    for (const slot of this.slots.values()) {
      slot.setAside = false
      slot.waitingSince = null
      slot.target = null
      slot.state = this.judge(slot)
    }
    this.tick()
  }

  setRate(rate: number): void {
    this.clock.rate = rate
    this.tick()
  }

  /**
   * Look at everything anew; also at once when an element tells that something changed. Elements are put in place before it is
   * judged whether all are there: one that is sent off holds the clock in the same call, so that it arrives where the clock stands.
   */
  tick(): void {
    const now = this.now()
    if (this.wantsToPlay && !this.live && this.clock.positionMs >= this.totalMs && this.totalMs > 0) this.finish()
    else if (this.clock.positionMs > this.totalMs) this.clock.moveTo(this.totalMs)

    // One moment for all of them, however long this takes; it counts if the clock goes on.
    this.clock.hold()
    for (const slot of this.slots.values()) slot.state = this.judge(slot)
    if (this.startedAt !== null && now - this.startedAt < STARTING_MS) this.awaitFirst()
    for (const slot of this.slots.values()) this.place(slot)
    for (const slot of this.slots.values()) slot.state = this.judge(slot)
    const waiting = [...this.slots.values()].filter((slot) => slot.state === 'waiting')
    for (const slot of this.slots.values()) {
      if (slot.state !== 'waiting') slot.waitingSince = null
      else if (slot.waitingSince === null) slot.waitingSince = now
      else if (this.wantsToPlay && now - slot.waitingSince > PATIENCE_MS) {
        slot.setAside = true
        slot.state = 'failed'
      }
    }
    this.stalled = this.wantsToPlay && waiting.some((slot) => slot.state === 'waiting')
    if (this.wantsToPlay && !this.stalled) {
      this.clock.run(now)
      this.startedAt ??= now
    } else this.startedAt = null
    for (const slot of this.slots.values()) this.drive(slot)
  }

  /** Where all elements are behind the clock, it comes back to the foremost: none is sent after what never was shown. */
  private awaitFirst(): void {
    let behindMs = Infinity
    for (const { span, media, state } of this.slots.values()) {
      if (state !== 'playing' || !media || media.paused || media.ended) continue
      behindMs = Math.min(behindMs, this.positionMs - span.offsetMs - media.currentTime * 1000)
    }
    if (behindMs > IN_STEP_MS && behindMs < Infinity) this.clock.moveTo(this.positionMs - behindMs)
  }

  private finish(): void {
    this.clock.hold()
    this.clock.moveTo(this.totalMs)
    this.wantsToPlay = false
    this.atEnd = true
  }

  private judge(slot: Slot): PartState {
    const place = placeOf(slot.span, this.positionMs)
    if (typeof place === 'string') return place
    if (!slot.span.playable) return slot.span.durationMs === null ? 'growing' : 'missing'
    if (slot.setAside) return 'failed'
    const media = slot.media
    if (!media) return 'waiting'
    if (media.error) return slot.span.durationMs === null ? 'growing' : 'failed'
    const readable = Number.isFinite(media.duration) ? media.duration : Infinity
    if (place.second >= readable - END_SLACK_S || media.ended) {
      // The file is shorter than the clock: normal for one that still grows, and in the last moments of any.
      if (slot.span.durationMs === null) return 'growing'
      return place.second > readable + END_SLACK_S ? 'after' : 'playing'
    }
    if (media.seeking || media.readyState < HAVE_CURRENT_DATA) return 'waiting'
    if (this.wantsToPlay && media.readyState < HAVE_FUTURE_DATA) return 'waiting'
    return 'playing'
  }

  /** Have an element stand, or come, where it belongs. */
  private place(slot: Slot): void {
    const media = slot.media
    if (!media) return
    const place = placeOf(slot.span, this.positionMs)
    // Ready at its first picture, so that it starts without a pause when the clock gets there.
    if (place === 'before' && media.currentTime > 0 && !media.seeking) this.put(slot, media, 0)
    if (typeof place !== 'string' && (slot.state === 'playing' || slot.state === 'waiting')) this.align(slot, media, place.second)
  }

  private drive(slot: Slot): void {
    const media = slot.media
    if (!media) return
    const shouldRun = this.wantsToPlay && !this.stalled && slot.state === 'playing' && !media.ended
    if (shouldRun && media.paused) this.start(media)
    else if (!shouldRun && !media.paused) media.pause()
  }

  private align(slot: Slot, media: MediaLike, second: number): void {
    if (media.seeking) return
    const end = Number.isFinite(media.duration) ? Math.max(0, media.duration - 0.05) : Infinity
    const wanted = Math.min(second, end)
    const driftMs = (media.currentTime - wanted) * 1000
    const moving = this.wantsToPlay && !this.stalled && !media.paused
    // At higher speed the same delay of the element is a larger piece of the recording.
    const limit = moving ? SEEK_DRIFT_MS * Math.max(1, this.rate) : STILL_DRIFT_MS
    if (Math.abs(driftMs) > limit) {
      this.put(slot, media, wanted)
      if (media.playbackRate !== this.rate) media.playbackRate = this.rate
      return
    }
    const rate = moving ? correctedRate(this.rate, driftMs) : this.rate
    if (Math.abs(media.playbackRate - rate) > 0.004) media.playbackRate = rate
  }

  private put(slot: Slot, media: MediaLike, second: number): void {
    // An element that cannot go where it is told (an unseekable file) must not be told for ever while standing still.
    if (slot.target !== null && Math.abs(slot.target - second) < 0.001) return
    slot.target = second
    media.currentTime = second
  }

  private start(media: MediaLike): void {
    if (this.blocked) media.muted = true
    media.play().catch((reason: unknown) => {
      if (!(reason instanceof Error) || reason.name !== 'NotAllowedError') return
      // Without a gesture browsers allow pictures but no sound: show the pictures and say so.
      media.muted = true
      if (!this.blocked) {
        this.blocked = true
        this.onBlocked()
      }
      media.play().catch(() => undefined)
    })
  }
}
