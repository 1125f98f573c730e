/** The station's own camera and microphone: the chosen ones, and how loud it is here. */
import { type Ref, ref } from 'vue'

import { type DeviceChoice, useChosen } from '@/state/capture/chosen'
import { type Capture, useCapture } from '@/state/capture/useCapture'
import { type Level, useLevel } from '@/state/capture/useLevel'
import type { Bell } from '@/parts/tone'

export interface OwnMedia extends Capture, Level {
  readonly devices: DeviceChoice
  /** The picture is off by wish. */
  readonly cameraOff: Readonly<Ref<boolean>>
  toggleCamera: () => Promise<void>
}

export function useOwnMedia(bell: Bell): OwnMedia {
  const devices = useChosen()
  const capture = useCapture({ choice: devices.choice })
  const cameraOff = ref(false)

  return {
    ...capture,
    ...useLevel(capture, () => bell.audio()),
    devices,
    cameraOff,
    take: (kinds) => capture.take(kinds ?? (cameraOff.value ? ['audio'] : undefined)),
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
