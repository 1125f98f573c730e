/** Tells the hub that a person is there: where a sign-in ends when nobody is, reading alone must not end it. */
import { onScopeDispose } from 'vue'

/** So often (ms) at most. */
const TELL_MS = 60_000
const SIGNS = ['pointerdown', 'keydown', 'wheel'] as const

/** As long as the calling scope lives. `tell` may fail: the next sign tells again. */
export function useActivity(tell: () => Promise<void>, clock: () => number = Date.now): void {
  let told = -Infinity
  const sign = (): void => {
    if (clock() - told < TELL_MS) return
    told = clock()
    tell().catch(() => {
      told = -Infinity
    })
  }
  for (const one of SIGNS) window.addEventListener(one, sign, { passive: true, capture: true })
  onScopeDispose(() => {
    for (const one of SIGNS) window.removeEventListener(one, sign, { capture: true })
  })
}
