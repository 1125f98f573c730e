/** The shell of the page on the phone: kept by a service worker, and a newer one told. */
import { shallowRef } from 'vue'

/** A newer page is there; `takeNewer` loads it. */
export const newer = shallowRef(false)
const LOOK_MS = 60 * 60_000
let waiting: ServiceWorker | null = null

/** Without service workers (plain HTTP, some web views) the page needs a line to open; all else is the same. */
export async function keepShell(): Promise<void> {
  const workers = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker
  if (workers === undefined) return
  try {
    const kept = await workers.register('/grid/sw.js', { scope: '/grid', updateViaCache: 'none' })
    const tell = (worker: ServiceWorker | null): void => {
      // the first one takes over by itself: there is nothing older
      if (worker === null || workers.controller === null) return
      waiting = worker
      newer.value = true
    }
    tell(kept.waiting)
    kept.addEventListener('updatefound', () => {
      const coming = kept.installing
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed') tell(coming)
      })
    })
    setInterval(() => void kept.update().catch(() => undefined), LOOK_MS)
  } catch {
    // no room, or it is forbidden: the page works as long as there is a line
  }
}

export function takeNewer(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    location.reload()
  })
  waiting?.postMessage('now')
}
