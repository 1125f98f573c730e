/** A screen that is meant to go on though nobody touches it: it stays lit, and the hub hears so, so that no policy of idle sign-ins ends it. */
import { onBeforeUnmount, onMounted, watch } from 'vue'

/** So often (ms) the hub hears of it. */
const STAY_MS = 60_000

/** `goesOn`: whether it is meant so now; `active`: tells the hub. Lives as long as the calling component. */
export function useUnattended(goesOn: () => boolean, active: () => Promise<unknown>): void {
  let lock: WakeLockSentinel | undefined
  let staying: ReturnType<typeof setInterval> | undefined

  async function stayLit(): Promise<void> {
    if (goesOn() && document.visibilityState === 'visible' && 'wakeLock' in navigator) lock = await navigator.wakeLock.request('screen').catch(() => undefined)
  }
  function rest(): void {
    clearInterval(staying)
    void lock?.release().catch(() => undefined)
    lock = undefined
  }
  const shown = (): void => void stayLit()
  watch(goesOn, (on) => {
    rest()
    if (!on) return
    staying = setInterval(() => void active().catch(() => undefined), STAY_MS)
    void stayLit()
  })
  onMounted(() => {
    document.addEventListener('visibilitychange', shown)
    if (!goesOn()) return
    staying = setInterval(() => void active().catch(() => undefined), STAY_MS)
    void stayLit()
  })
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', shown)
    rest()
  })
}
