/** When the picture of a video element last moved: a stream that stalls tells nobody, and a still picture must not pass for a live one. */
import { onBeforeUnmount, type Ref, ref, watch } from 'vue'

/** So often (ms) it is told at most. */
const STEP_MS = 500

/** ms since 1970; undefined before the first picture of this stream. `element`: of the video, once it is mounted. */
export function useLastFrame(element: Readonly<Ref<HTMLVideoElement | undefined>>, key: () => unknown): Readonly<Ref<number | undefined>> {
  const last = ref<number>()
  let stop: () => void = () => undefined

  function moved(): void {
    const now = Date.now()
    if (last.value === undefined || now - last.value >= STEP_MS) last.value = now
  }
  function listen(video: HTMLVideoElement): void {
    if ('requestVideoFrameCallback' in video) {
      let handle = 0
      const again = (): void => {
        moved()
        handle = video.requestVideoFrameCallback(again)
      }
      handle = video.requestVideoFrameCallback(again)
      stop = () => {
        video.cancelVideoFrameCallback(handle)
      }
      return
    }
    // told some four times a second while it plays
    const target: EventTarget = video
    target.addEventListener('timeupdate', moved)
    stop = () => {
      target.removeEventListener('timeupdate', moved)
    }
  }
  watch(
    [element, key],
    ([video], [, before]) => {
      stop()
      stop = () => undefined
      // another camera: what the one before showed is no picture of it
      if (key() !== before) last.value = undefined
      if (video !== undefined) listen(video)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    stop()
  })
  return last
}
