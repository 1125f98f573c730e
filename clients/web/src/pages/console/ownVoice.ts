/**
 * One's own camera and microphone at a desk: silent and unseen until a key says otherwise, and as long as it says so.
 * Before the first key no device is asked for.
 */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref } from 'vue'

import type { DeviceState } from '@/protocol/types'
import type { Capture } from '@/state/capture/useCapture'

/** A camera that is switched off sends black for so long (ms) before it is let go: else others keep its last picture. */
const BLACK_MS = 1_500

export interface OwnVoice {
  /** What the keys say: wished by the person, whether or not the device is there yet. */
  readonly cameraOn: Readonly<Ref<boolean>>
  readonly microphoneOn: ComputedRef<boolean>
  /** Talking for as long as a key is held. */
  readonly held: Readonly<Ref<boolean>>
  /** What others get now. */
  readonly heard: ComputedRef<boolean>
  readonly seen: ComputedRef<boolean>
  /** Why a device that is wished for gives nothing, else null. */
  readonly trouble: ComputedRef<{ camera: DeviceState | null; microphone: DeviceState | null }>
  toggleCamera: () => void
  toggleMicrophone: () => void
  /** Talk from now on, until `release`. */
  hold: () => void
  release: () => void
  /** Silent and unseen at once: somebody else sends now. */
  hush: () => void
  /** Ask again by hand for what is wished and lacking. */
  retry: () => void
  stop: () => void
}

const failed = (state: DeviceState): boolean => state !== 'on' && state !== 'off'

export function useOwnVoice(capture: Capture): OwnVoice {
  const cameraOn = ref(false)
  const microphoneWished = ref(false)
  const held = ref(false)
  const microphoneOn = computed(() => microphoneWished.value || held.value)
  let letting: ReturnType<typeof setTimeout> | undefined
  let asking = false
  let over = false

  capture.enable('audio', false)
  capture.enable('video', false)

  /** Asks for what is wished and was never asked for, also when the wish came while another question stood. */
  async function ask(): Promise<void> {
    if (asking) return
    asking = true
    try {
      for (;;) {
        const lacks = [
          ...(microphoneOn.value && capture.audio.value === null && capture.microphone.value === 'off' ? (['audio'] as const) : []),
          ...(cameraOn.value && capture.video.value === null && capture.camera.value === 'off' ? (['video'] as const) : []),
        ]
        if (lacks.length === 0 || over) return
        await capture.take(lacks)
      }
    } finally {
      asking = false
    }
  }

  /** Switched at once; the device follows when there is one. */
  function speak(): void {
    capture.enable('audio', microphoneOn.value && !over)
    if (!failed(capture.microphone.value)) void ask()
    else if (microphoneOn.value) void capture.retry()
    // nobody wants it: it is not asked for any longer
    else capture.letGo(['audio'])
  }

  function show(): void {
    clearTimeout(letting)
    capture.enable('video', cameraOn.value && !over)
    if (cameraOn.value) {
      if (failed(capture.camera.value)) void capture.retry()
      else void ask()
      return
    }
    letting = setTimeout(
      () => {
        capture.letGo(['video'])
      },
      capture.video.value === null ? 0 : BLACK_MS,
    )
  }

  function stop(): void {
    if (over) return
    over = true
    clearTimeout(letting)
    held.value = false
    microphoneWished.value = false
    cameraOn.value = false
    capture.letGo()
  }
  onScopeDispose(stop)

  return {
    cameraOn,
    microphoneOn,
    held,
    heard: computed(() => capture.told.value.microphone === 'on'),
    seen: computed(() => capture.told.value.camera === 'on'),
    trouble: computed(() => ({
      camera: cameraOn.value && failed(capture.camera.value) ? capture.camera.value : null,
      microphone: microphoneOn.value && failed(capture.microphone.value) ? capture.microphone.value : null,
    })),
    toggleCamera() {
      if (over) return
      cameraOn.value = !cameraOn.value
      show()
    },
    toggleMicrophone() {
      if (over) return
      microphoneWished.value = !microphoneWished.value
      speak()
    },
    hold() {
      if (over || held.value) return
      held.value = true
      speak()
    },
    release() {
      if (!held.value) return
      held.value = false
      speak()
    },
    hush() {
      if (over) return
      held.value = false
      microphoneWished.value = false
      speak()
      if (!cameraOn.value) return
      cameraOn.value = false
      show()
    },
    retry() {
      void capture.retry()
    },
    stop,
  }
}
