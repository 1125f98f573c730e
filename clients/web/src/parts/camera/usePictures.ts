/** Having the hub make pictures of cameras: what is on its way, what was made here, and why one could not be made. */
import { onScopeDispose, reactive, type Ref, shallowReactive, shallowRef } from 'vue'

import { explanation } from '@/i18n/explain'
import { type Pictured, takePicture } from '@/protocol/cameraPicturesApi'

/** So long (ms) it is said that one was made, or why not. */
const SAID_MS = 8_000
/** So many stay at hand. */
const KEPT = 12

export interface Pictures {
  /** Made on this page, the newest first. */
  readonly made: Readonly<Ref<readonly Pictured[]>>
  /** The newest, for some seconds. */
  readonly fresh: Readonly<Ref<Pictured | undefined>>
  readonly taking: (camera: string) => boolean
  /** Message key of why the last of this camera could not be made, for some seconds. */
  readonly problem: (camera: string) => string | undefined
  readonly take: (camera: string) => Promise<Pictured | undefined>
}

export function usePictures(ask: (camera: string) => Promise<Pictured> = (camera) => takePicture(camera)): Pictures {
  const made = shallowRef<readonly Pictured[]>([])
  const fresh = shallowRef<Pictured>()
  const underWay = reactive(new Set<string>())
  const problems = shallowReactive(new Map<string, string>())
  const timers = new Set<ReturnType<typeof setTimeout>>()

  function later(what: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      what()
    }, SAID_MS)
    timers.add(timer)
  }
  onScopeDispose(() => {
    for (const timer of timers) clearTimeout(timer)
  })
  return {
    made,
    fresh,
    taking: (camera) => underWay.has(camera),
    problem: (camera) => problems.get(camera),
    async take(camera) {
      if (underWay.has(camera)) return undefined
      underWay.add(camera)
      problems.delete(camera)
      try {
        const picture = await ask(camera)
        made.value = [picture, ...made.value].slice(0, KEPT)
        fresh.value = picture
        later(() => {
          if (fresh.value === picture) fresh.value = undefined
        })
        return picture
      } catch (error) {
        problems.set(camera, explanation(error))
        later(() => problems.delete(camera))
        return undefined
      } finally {
        underWay.delete(camera)
      }
    },
  }
}
