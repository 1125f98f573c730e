/**
 * Keeps the shell of `/grid` on the phone, so that the page opens where there is no line: its files, and nothing that the hub says.
 * A newer shell waits until the person takes it, or until the page was closed.
 */

/** What of a service worker's world is used here; the rest of the pages have a window. */
interface Waits {
  waitUntil: (work: Promise<unknown>) => void
}
interface Fetches {
  readonly request: Request
  respondWith: (answer: Promise<Response>) => void
}
interface World {
  addEventListener: ((type: 'install' | 'activate', heard: (event: Waits) => void) => void) &
    ((type: 'fetch', heard: (event: Fetches) => void) => void) &
    ((type: 'message', heard: (event: { readonly data: unknown }) => void) => void)
  readonly clients: { claim: () => Promise<void> }
  skipWaiting: () => Promise<void>
}

/** The build puts the list here (vite.grid.config.ts). */
declare const __SHELL__: { readonly version: string; readonly files: readonly string[] }
const shell = __SHELL__
const world = self as unknown as World
const PREFIX = 'lianxian-grid-'
const PAGE = '/grid'
const NAME = PREFIX + shell.version

async function keep(): Promise<void> {
  const cache = await caches.open(NAME)
  await cache.addAll(shell.files.map((path) => new Request(path, { cache: 'no-cache' })))
}

async function takeOver(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map(async (name) => caches.delete(name)))
  await world.clients.claim()
}

/** The kept file, whichever shell it is of; what is not kept comes over the line. */
async function kept(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(NAME)).match(path)) ?? fetch(request)
}

world.addEventListener('install', (event) => {
  event.waitUntil(keep())
})
world.addEventListener('activate', (event) => {
  event.waitUntil(takeOver())
})
world.addEventListener('message', ({ data }) => {
  if (data === 'now') void world.skipWaiting()
})
world.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate' && (pathname === PAGE || pathname.startsWith(`${PAGE}/`))) event.respondWith(kept(PAGE, request))
  else if (shell.files.includes(pathname)) event.respondWith(kept(pathname, request))
})
