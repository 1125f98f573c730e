/** When the machine wakes, the network is another one, or the page is looked at again: the line may be dead and not know it. */
import { onScopeDispose } from 'vue'

/** A clock that was to tick each second and is so late (ms) stood still: the machine or the page slept. */
const SLEPT_MS = 5_000
const TICK_MS = 1_000

/** Have `check` done each time, for the life of the calling scope. */
export function whenAwake(check: () => void): void {
  let ticked = Date.now()
  const timer = setInterval(() => {
    const now = Date.now()
    if (now - ticked > TICK_MS + SLEPT_MS) check()
    ticked = now
  }, TICK_MS)
  const shown = (): void => {
    if (document.visibilityState === 'visible') check()
  }
  const connection = (navigator as { connection?: EventTarget }).connection
  window.addEventListener('online', check)
  window.addEventListener('pageshow', check)
  document.addEventListener('visibilitychange', shown)
  document.addEventListener('resume', check)
  connection?.addEventListener('change', check)
  onScopeDispose(() => {
    clearInterval(timer)
    window.removeEventListener('online', check)
    window.removeEventListener('pageshow', check)
    document.removeEventListener('visibilitychange', shown)
    document.removeEventListener('resume', check)
    connection?.removeEventListener('change', check)
  })
}
