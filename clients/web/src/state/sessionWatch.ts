/** For pages without a socket: asks the hub whether the session still stands, while something is shown that would outlive it. */
import { onScopeDispose, type Ref, watch } from 'vue'

import type { Api } from '@/protocol/api'

/** So often (ms); a film that plays asks for its next piece no less often. */
const ASK_MS = 5_000

/** While `showing`, and whenever the page is looked at again. The 401 itself is what ends the session (`main.ts`). */
export function useSessionWatch(api: Pick<Api, 'session'>, showing: Readonly<Ref<boolean>>): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const ask = (): void => {
    api.session().catch(() => undefined)
  }
  const seen = (): void => {
    if (document.visibilityState === 'visible') ask()
  }
  watch(
    showing,
    (shows) => {
      clearInterval(timer)
      if (shows) timer = setInterval(ask, ASK_MS)
    },
    { immediate: true },
  )
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', seen)
  })
}
