/**
 * The way round for networks that block UDP: the hub's relay (TURN), fresh keys to it, and whether this browser needed it lately.
 * On a line that lets UDP through nothing is opened there: the straight way is tried first and alone.
 */
import type { Fetch } from './api'
import type { IceServers, Way } from './types'

/** One server as WHIP's `Link` headers have it (RFC 9725 §4.6). */
const LINK = /<(turns?:[^>]+)>([^<]*)/g
const WORD = /;\s*([\w-]+)="([^"]*)"/g
/** Keys that end within this time (ms) are asked for anew. */
const AHEAD_MS = 5 * 60_000
/** What a browser remembers of having needed it, and for how long (ms): networks change. */
const REMEMBERED = 'lianxian.relay'
const REMEMBERED_MS = 12 * 3_600_000

/** The servers in a `Link` header, those of the same keys together. */
export function serversOf(link: string): RTCIceServer[] {
  const found = new Map<string, { urls: string[]; username: string; credential: string }>()
  for (const [, url = '', words = ''] of link.matchAll(LINK)) {
    const given = new Map([...words.matchAll(WORD)].map(([, name = '', value = '']) => [name, value]))
    const [username, credential] = [given.get('username') ?? '', given.get('credential') ?? '']
    if (given.get('rel') !== 'ice-server') continue
    const server = found.get(username + credential) ?? { urls: [], username, credential }
    server.urls.push(url)
    found.set(username + credential, server)
  }
  return [...found.values()]
}

/** What is known of the relay in this page. One for all its sessions. */
export class Relay {
  private servers: RTCIceServer[] = []
  /** ms since 1970 */
  private until = 0
  private needed: boolean

  constructor(private readonly now: () => number = Date.now) {
    this.needed = recall(this.now())
  }

  /** Whether all ways are to be tried at once: the straight one alone did not do lately. */
  get wanted(): boolean {
    return this.needed
  }

  /** The relay with keys that still hold; nothing where the hub has none, or has not said. */
  get known(): RTCIceServer[] {
    return this.until - this.now() > 0 ? this.servers : []
  }

  /** What an answer says of the relay. */
  take(answer: Response): void {
    const servers = serversOf(answer.headers.get('link') ?? '')
    if (servers.length > 0) this.keep(servers, expiryOf(servers))
  }

  /** The relay with keys that hold for a while; asks the hub where those at hand do not. Never throws. */
  async fresh(fetch: Fetch): Promise<RTCIceServer[]> {
    if (this.until - this.now() > AHEAD_MS) return this.servers
    try {
      const answer = await fetch('/api/v1/ice-servers', { credentials: 'same-origin' })
      if (answer.ok) {
        const told = (await answer.json()) as IceServers
        this.keep(told.ice_servers, told.expires_at === null ? 0 : Date.parse(told.expires_at))
      }
    } catch {
      // what is at hand may still do
    }
    return this.known
  }

  /** The straight way has not answered: from now on all are tried. */
  want(): void {
    this.needed = true
  }

  /** A connection stands, by this way: remembered for the next. */
  went(way: Way): void {
    this.needed = way === 'relay'
    try {
      if (this.needed) localStorage.setItem(REMEMBERED, String(this.now()))
      else localStorage.removeItem(REMEMBERED)
    } catch {
      // a browser that keeps nothing learns it anew
    }
  }

  private keep(servers: RTCIceServer[], until: number): void {
    this.servers = servers
    this.until = until
  }
}

function recall(now: number): boolean {
  try {
    const at = Number(localStorage.getItem(REMEMBERED) ?? 0)
    return now - at < REMEMBERED_MS
  } catch {
    return false
  }
}

/** The time in a user name `<seconds since 1970>:<account>`; an hour without one. */
function expiryOf(servers: readonly RTCIceServer[]): number {
  const seconds = Number.parseInt(servers[0]?.username ?? '', 10)
  return Number.isNaN(seconds) ? Date.now() + 3_600_000 : seconds * 1000
}

/** By which way a connection goes, as the browser's own ICE has chosen it; undefined while it has not, or does not tell. */
export async function wayOf(peer: RTCPeerConnection): Promise<Way | undefined> {
  const reports = new Map<string, Record<string, unknown>>()
  ;(await peer.getStats()).forEach((one: Record<string, unknown>) => reports.set(String(one['id']), one))
  const all = [...reports.values()]
  const chosen = all.find((one) => one['type'] === 'transport' && one['selectedCandidatePairId'] !== undefined)
  const pair =
    chosen === undefined
      ? all.find((one) => one['type'] === 'candidate-pair' && (one['selected'] ?? (one['nominated'] && one['state'] === 'succeeded')) === true)
      : reports.get(String(chosen['selectedCandidatePairId']))
  const own = reports.get(String(pair?.['localCandidateId']))
  if (own === undefined) return undefined
  return own['candidateType'] === 'relay' ? 'relay' : 'direct'
}
