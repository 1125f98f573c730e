/** How loud the microphone is here, and whether it gives any sound at all. */

/** Below this a microphone delivers nothing: even a quiet room is 20 dB above it. */
export const SILENCE_DB = -85
/** So long must it be silent before the page says so. */
export const SILENCE_AFTER_MS = 6_000

/** Loudness of samples (-1..1) in dB of full scale; -Infinity for digital silence. */
export function loudnessDb(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length)
}

/** 0..1 for a bar: a whisper just moves it, speech fills two thirds. */
export function barOf(db: number): number {
  return Math.max(0, Math.min(1, (db + 60) / 54))
}

/** Remembers since when a microphone has been silent. */
export class SilenceWatch {
  private since: number | null = null

  /** One measurement; `now` in ms. Returns whether the silence has lasted. */
  heard(db: number, now: number): boolean {
    if (db > SILENCE_DB) {
      this.since = null
      return false
    }
    this.since ??= now
    return now - this.since >= SILENCE_AFTER_MS
  }

  reset(): void {
    this.since = null
  }
}

/** Reads one microphone track through WebAudio. */
export class LevelMeter {
  private readonly analyser: AnalyserNode
  private readonly source: MediaStreamAudioSourceNode
  private readonly samples: Float32Array<ArrayBuffer>

  constructor(
    private readonly context: AudioContext,
    track: MediaStreamTrack,
  ) {
    this.analyser = context.createAnalyser()
    this.analyser.fftSize = 2048
    this.samples = new Float32Array(this.analyser.fftSize)
    this.source = context.createMediaStreamSource(new MediaStream([track]))
    this.source.connect(this.analyser)
  }

  /** dB of full scale, or null while the browser does not let sound be processed. */
  read(): number | null {
    if (this.context.state !== 'running') return null
    this.analyser.getFloatTimeDomainData(this.samples)
    return loudnessDb(this.samples)
  }

  close(): void {
    this.source.disconnect()
  }
}
