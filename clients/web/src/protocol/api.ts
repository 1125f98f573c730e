/** The hub's HTTP API: typed calls with the session cookie, typed failures. */
import { isRefusalBody, Refused, Unreachable } from './refusal'
import type {
  Answer,
  Center,
  Command,
  Decision,
  Entry,
  Order,
  OrderState,
  OwnAccount,
  Recording,
  Report,
  Snapshot,
  Summary,
} from './types'
import { wellFormed } from './wellFormed'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

export interface MeetingsQuery {
  state?: 'open' | 'ended'
  q?: string
  from?: string
  to?: string
  center?: string
  limit?: number
  before?: string
}

export interface OrdersQuery {
  id?: string
  meeting?: string
  state?: OrderState
  center?: string
  limit?: number
}

type Query = Record<string, string | number | undefined>

/** The path with these words behind it; what is empty is left out. */
export function withQuery(path: string, query: Query): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') words.set(name, String(value))
  }
  const text = words.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export class Api {
  private readonly fetch: Fetch

  constructor(
    fetchLike: Fetch = (input, init) => fetch(input, init),
    private readonly base = '/api/v1',
  ) {
    this.fetch = fetchLike
  }

  /** Ends the account's other sessions. Refused `invalid` names the field, `old` or `new`. */
  async changePassword(old: string, fresh: string): Promise<void> {
    await this.call<undefined>('PUT', '/session/password', { old, new: fresh })
  }

  async signOut(): Promise<void> {
    await this.call<undefined>('DELETE', '/session')
  }

  /** Who the cookie belongs to; Refused `unauthenticated` when to nobody. */
  async session(): Promise<OwnAccount> {
    return this.call('GET', '/session')
  }

  /** A center with all that stands below it, parents first. */
  async subtree(code: string): Promise<Center[]> {
    return this.centers({ subtree: code })
  }

  async children(code: string): Promise<Center[]> {
    return this.centers({ parent: code })
  }

  /** Centers by name, pinyin, code or words of their path; at most 100. */
  async searchCenters(text: string): Promise<Center[]> {
    return this.centers({ q: text })
  }

  async meetings(query: MeetingsQuery = {}): Promise<{ meetings: Summary[]; next: string | null }> {
    return this.call('GET', withQuery('/meetings', { ...query }))
  }

  async meeting(id: string): Promise<Snapshot> {
    return this.call('GET', `/meetings/${encodeURIComponent(id)}`)
  }

  async entries(meeting: string, since = 0, limit = 500): Promise<{ entries: Entry[]; seq: number }> {
    return this.call('GET', withQuery(`/meetings/${encodeURIComponent(meeting)}/entries`, { since, limit }))
  }

  /** The newest entries before this seq, by seq. */
  async entriesBefore(meeting: string, before: number, limit = 500): Promise<{ entries: Entry[] }> {
    return this.call('GET', withQuery(`/meetings/${encodeURIComponent(meeting)}/entries`, { before, limit }))
  }

  async orders(query: OrdersQuery = {}): Promise<Order[]> {
    return (await this.call<{ orders: Order[] }>('GET', withQuery('/orders', { ...query }))).orders
  }

  /** Orders by id; those that are not found, or not for one to see, are left out. */
  async ordersById(ids: readonly string[]): Promise<Order[]> {
    return (await Promise.all(ids.map(async (id) => this.orders({ id })))).flat()
  }

  async reports(query: OrdersQuery = {}): Promise<Report[]> {
    return (await this.call<{ reports: Report[] }>('GET', withQuery('/reports', { ...query }))).reports
  }

  async decisions(query: OrdersQuery = {}): Promise<Decision[]> {
    return (await this.call<{ decisions: Decision[] }>('GET', withQuery('/decisions', { ...query }))).decisions
  }

  async recordings(meeting: string): Promise<Recording[]> {
    const path = `/meetings/${encodeURIComponent(meeting)}/recordings`
    return (await this.call<{ recordings: Recording[] }>('GET', path)).recordings
  }

  /** A command by HTTP. Pages use the Outbox over the socket; this door is for pages without one. */
  async command(command: Command): Promise<Answer> {
    return this.call('POST', '/commands', command)
  }

  private async centers(query: Query): Promise<Center[]> {
    return (await this.call<{ centers: Center[] }>('GET', withQuery('/centers', query))).centers
  }

  /** One call; files beside this one build theirs on it. A `Blob` goes as it is. Undefined: there is nothing, or nothing new. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } }
    if (body instanceof Blob) init.body = body
    else if (body !== undefined) {
      init.headers = { accept: 'application/json', 'content-type': 'application/json' }
      init.body = JSON.stringify(wellFormed(body))
    }
    let response: Response
    try {
      response = await this.fetch(this.base + path, init)
    } catch (cause) {
      throw new Unreachable(`${method} ${path}: no answer`, { cause })
    }
    if (response.status === 204 || response.status === 304) return undefined as T
    let parsed: unknown
    try {
      parsed = await response.json()
    } catch (cause) {
      throw new Unreachable(`${method} ${path}: ${String(response.status)} without JSON`, { cause })
    }
    if (response.ok) return parsed as T
    throw failureOf(response, parsed, `${method} ${path}`)
  }
}

function failureOf(response: Response, body: unknown, what: string): Error {
  if (!isRefusalBody(body)) return new Unreachable(`${what}: ${String(response.status)}`)
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const { code, message, field } = body.error
  return new Refused(code, message, field, Number.isFinite(seconds) ? seconds * 1000 : undefined)
}
