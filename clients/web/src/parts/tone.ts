/** Sounds of the station, made here: the ring, a chime for a new order, a double tone for being on air. */

/** A tone: frequency in Hz, start and length in seconds. */
export interface Note {
  readonly hz: number
  readonly at: number
  readonly seconds: number
}

/** Two falling pairs, then silence: a telephone's rhythm without its shrillness. One round of `RING_PERIOD_MS`. */
export const RING: readonly Note[] = [
  { hz: 784, at: 0, seconds: 0.35 },
  { hz: 659, at: 0.4, seconds: 0.35 },
  { hz: 784, at: 0.9, seconds: 0.35 },
  { hz: 659, at: 1.3, seconds: 0.45 },
]
export const RING_PERIOD_MS = 3_000
export const ORDER_CHIME: readonly Note[] = [
  { hz: 659, at: 0, seconds: 0.18 },
  { hz: 880, at: 0.2, seconds: 0.35 },
]
export const ON_AIR_CHIME: readonly Note[] = [
  { hz: 523, at: 0, seconds: 0.15 },
  { hz: 523, at: 0.25, seconds: 0.15 },
  { hz: 784, at: 0.5, seconds: 0.4 },
]

/** Plays notes; silent (and saying so) until the browser lets it after the first press on the page. */
export class Bell {
  private context: AudioContext | null = null
  private timer: ReturnType<typeof setInterval> | null = null

  /** The context for meters too: one a page is enough. Null where the browser has none. */
  audio(): AudioContext | null {
    if (!this.context && typeof AudioContext !== 'undefined') this.context = new AudioContext()
    return this.context
  }

  get allowed(): boolean {
    return this.audio()?.state === 'running'
  }

  /** To be called in a press of a key: from then on sounds are allowed. */
  async wake(): Promise<void> {
    const context = this.audio()
    if (context && context.state !== 'running') await context.resume().catch(() => undefined)
  }

  play(notes: readonly Note[], loudness = 0.25): void {
    const context = this.audio()
    if (!context || context.state !== 'running') return
    for (const note of notes) {
      const start = context.currentTime + 0.02 + note.at
      const gain = context.createGain()
      gain.gain.setValueAtTime(0, start)
      gain.gain.linearRampToValueAtTime(loudness, start + 0.02)
      gain.gain.setValueAtTime(loudness, start + note.seconds - 0.08)
      gain.gain.linearRampToValueAtTime(0, start + note.seconds)
      const tone = context.createOscillator()
      tone.type = 'triangle'
      tone.frequency.value = note.hz
      tone.connect(gain).connect(context.destination)
      tone.start(start)
      tone.stop(start + note.seconds + 0.05)
    }
  }

  startRinging(): void {
    if (this.timer !== null) return
    this.play(RING)
    this.timer = setInterval(() => this.play(RING), RING_PERIOD_MS)
  }

  stopRinging(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }

  close(): void {
    this.stopRinging()
    this.context?.close().catch(() => undefined)
    this.context = null
  }
}
