/** What the directory says of the cameras that a page shows, read once each; what was read in a list is known already. */
import { onScopeDispose, shallowReactive } from 'vue'

import { type Caller, readCamera } from '@/protocol/camerasApi'
import { Refused } from '@/protocol/refusal'
import type { CameraHere } from '@/protocol/types'

/** One that could not be read is asked for again after so long (ms). */
const AGAIN_MS = 10_000

export interface CameraBook {
  /** Undefined before it was read; null: it is not there for this person. */
  get: (camera: string) => CameraHere | null | undefined
  /** Known from a list. */
  learn: (cameras: readonly CameraHere[]) => void
  /** Read again: something of it has changed. */
  again: (camera: string) => void
}

/** Lives as long as the calling scope. */
export function useCameraBook(api: Caller, read: (camera: string) => Promise<CameraHere> = (camera) => readCamera(camera, api)): CameraBook {
  const known = shallowReactive(new Map<string, CameraHere | null>())
  const asked = new Set<string>()
  const timers = new Set<ReturnType<typeof setTimeout>>()

  async function ask(camera: string): Promise<void> {
    if (asked.has(camera)) return
    asked.add(camera)
    try {
      known.set(camera, await read(camera))
    } catch (error) {
      if (error instanceof Refused && (error.code === 'not_found' || error.code === 'forbidden')) known.set(camera, null)
      else {
        const timer = setTimeout(() => {
          timers.delete(timer)
          asked.delete(camera)
          void ask(camera)
        }, AGAIN_MS)
        timers.add(timer)
      }
    }
  }
  onScopeDispose(() => {
    for (const timer of timers) clearTimeout(timer)
  })
  return {
    get(camera) {
      const found = known.get(camera)
      if (found === undefined) void ask(camera)
      return found
    },
    learn(cameras) {
      for (const one of cameras) {
        asked.add(one.camera)
        known.set(one.camera, one)
      }
    },
    again(camera) {
      asked.delete(camera)
      void ask(camera)
    },
  }
}
