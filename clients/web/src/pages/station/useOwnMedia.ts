/** The station's own camera and microphone: the chosen ones, and how loud it is here. */
import { onScopeDispose, type Ref, ref } from 'vue'

import { type Capture, useCapture } from '@/state/capture/useCapture'
import type { Kind } from '@/state/capture/devices'

import { barOf, LevelMeter, SilenceWatch } from './meter'
import type { Bell } from '@/parts/tone'

const CAMERA_KEY = 'lianxian.station.camera'
const MICROPHONE_KEY = 'lianxian.station.microphone'
const MEASURE_MS = 150

export interface OwnMedia extends Capture {
  /** 0..1, how loud it is here. */
  readonly level: Readonly<Ref<number>>
  readonly silent: Readonly<Ref<boolean>>
  /** Ids of the chosen devices, '' for any. */
  readonly choice: Readonly<Ref<{ camera: string; microphone: string }>>
  /** The picture is off by wish. */
  readonly cameraOff: Readonly<Ref<boolean>>
  choose: (kind: Kind, device: string) => Promise<void>
  toggleCamera: () => Promise<void>
}

export function useOwnMedia(bell: Bell): OwnMedia {
  const choice = ref({ camera: localStorage.getItem(CAMERA_KEY) ?? '', microphone: localStorage.getItem(MICROPHONE_KEY) ?? '' })
  const capture = useCapture({
    choice: () => ({ camera: choice.value.camera || null, microphone: choice.value.microphone || null }),
  })
  const level = ref(0)
  const silent = ref(false)
  const cameraOff = ref(false)
  const silence = new SilenceWatch()
  let meter: LevelMeter | null = null

  capture.onTracks(() => {
    meter?.close()
    meter = null
    silence.reset()
    silent.value = false
    level.value = 0
  })

  const timer = setInterval(() => {
    const track = capture.audio.value
    const context = bell.audio()
    if (!track || context?.state !== 'running') return
    meter ??= new LevelMeter(context, track)
    const db = meter.read()
    if (db === null) return
    level.value = barOf(db)
    // A track that is switched off here delivers silence by wish.
    silent.value = track.enabled && silence.heard(db, performance.now())
  }, MEASURE_MS)
  onScopeDispose(() => {
    clearInterval(timer)
    meter?.close()
  })

  return {
    ...capture,
    level,
    silent,
    choice,
    cameraOff,
    take: (kinds) => capture.take(kinds ?? (cameraOff.value ? ['audio'] : undefined)),
    async choose(kind, device) {
      choice.value = { ...choice.value, [kind === 'video' ? 'camera' : 'microphone']: device }
      localStorage.setItem(kind === 'video' ? CAMERA_KEY : MICROPHONE_KEY, device)
      await capture.chosen(kind)
    },
    async toggleCamera() {
      cameraOff.value = !cameraOff.value
      if (cameraOff.value) capture.letGo(['video'])
      else await capture.take(['video'])
    },
    letGo(kinds) {
      cameraOff.value = false
      capture.letGo(kinds)
    },
  }
}
