/** The present moment as a ref that ticks once a second, on the second. */
import { onScopeDispose, ref, type Ref } from 'vue'

/** ms since 1970 */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setTimeout> | undefined
  const tick = (): void => {
    now.value = Date.now()
    timer = setTimeout(tick, 1000 - (now.value % 1000))
  }
  tick()
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return now
}

const TWO = (value: number): string => String(value).padStart(2, '0')

/** 16:05:09, local */
export function clockText(time: string | number): string {
  const at = new Date(time)
  return `${TWO(at.getHours())}:${TWO(at.getMinutes())}:${TWO(at.getSeconds())}`
}

/** 00:12:47 */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return `${TWO(Math.floor(seconds / 3600))}:${TWO(Math.floor(seconds / 60) % 60)}:${TWO(seconds % 60)}`
}

/** 2026-11-23 16:05:09, local */
export function dateTimeText(time: string | number): string {
  const at = new Date(time)
  return `${String(at.getFullYear())}-${TWO(at.getMonth() + 1)}-${TWO(at.getDate())} ${clockText(time)}`
}
