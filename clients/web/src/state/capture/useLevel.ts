/** How loud the own microphone is, and whether anything comes of it. */
import { onScopeDispose, type Ref, ref } from 'vue'

import { barOf, LevelMeter, SilenceWatch } from './meter'
import type { Capture } from './useCapture'

const MEASURE_MS = 150
/** The loudest of so long (ms) is kept. */
const KEPT_MS = 5_000

export interface Level {
  /** 0..1, how loud it is now. */
  readonly level: Readonly<Ref<number>>
  /** It has given no sound at all for some seconds. */
  readonly silent: Readonly<Ref<boolean>>
  /** The loudest of the last seconds, dB of full scale; null while nothing is measured. */
  readonly loudestDb: () => number | null
}

/** `audio`: the page's context, where it has one; a meter needs one that runs. */
export function useLevel(capture: Pick<Capture, 'audio' | 'onTracks'>, audio: () => AudioContext | null): Level {
  const level = ref(0)
  const silent = ref(false)
  const silence = new SilenceWatch()
  let meter: LevelMeter | null = null
  let heard: { at: number; db: number }[] = []

  capture.onTracks(() => {
    meter?.close()
    meter = null
    silence.reset()
    silent.value = false
    level.value = 0
    heard = []
  })
  const timer = setInterval(() => {
    const track = capture.audio.value
    const context = audio()
    if (!track || context?.state !== 'running') return
    meter ??= new LevelMeter(context, track)
    const db = meter.read()
    if (db === null) return
    const now = performance.now()
    heard = [...heard.filter((one) => now - one.at < KEPT_MS), { at: now, db }]
    level.value = barOf(db)
    // A track that is switched off here delivers silence by wish.
    silent.value = track.enabled && silence.heard(db, now)
  }, MEASURE_MS)
  onScopeDispose(() => {
    clearInterval(timer)
    meter?.close()
  })
  return {
    level,
    silent,
    loudestDb: () => (heard.length === 0 ? null : Math.max(-127, Math.min(0, Math.round(Math.max(...heard.map((one) => one.db)))))),
  }
}
