/** What a phone says to the hub and hears from it: one API with the second half of its token in each call, and the door of its queue. */
import { Api, type Fetch } from '@/protocol/api'
import { newCommandId } from '@/protocol/ids'
import { Refused, Unreachable } from '@/protocol/refusal'
import type { Answer, Command, DeviceList, DeviceSignedIn, DeviceStanding, GridWork, OwnAccount, StoredObject, VisitsTaken } from '@/protocol/types'

import type { Item } from './queue'
import type { Door, Outcome } from './sender'
import { type Work, workOf } from './work'

const HALF = 'Lianxian-Half'
/** The newest entry that an answer without a body rests on. */
const SEQ = 'Lianxian-Seq'
/** A line on which nothing comes back for so long is no line. */
const ANSWER_MS = 30_000
const UPLOAD_MS = 120_000
/** This kind goes by a door of its own, many at a time. */
export const VISIT = 'visit.record'
/** Kinds that bring words go by doors of their own, one at a time: by which, and what of `data` is its body. */
const DOORS: Readonly<Record<string, (data: Item['data']) => { path: string; body: Item['data'] }>> = {
  'errand.ask': (data) => ({ path: '/errands', body: data }),
  'errand.finish': ({ errand, ...body }) => ({ path: `/errands/${encodeURIComponent(String(errand))}/done`, body }),
}

export class PhoneHub implements Door {
  /** Half of the token; empty where somebody signed in with a password. */
  half = ''
  readonly api: Api

  constructor(private readonly fetchLike: Fetch = (input, init) => fetch(input, init)) {
    this.api = new Api(async (input, init) => this.fetch(input, init))
  }

  /** Raises Refused `unauthenticated` for a code that opens nothing. */
  async bind(code: string): Promise<DeviceSignedIn> {
    return this.api.call('POST', '/devices/bind', { code })
  }

  async standing(device: string): Promise<DeviceStanding['state']> {
    return (await this.api.call<DeviceStanding>('GET', `/devices/${encodeURIComponent(device)}/standing`)).state
  }

  async who(): Promise<OwnAccount> {
    return this.api.session()
  }

  async phones(): Promise<DeviceList> {
    return this.api.call('GET', '/devices')
  }

  async withdraw(device: string): Promise<void> {
    await this.api.command({ id: newCommandId(), kind: 'device.withdraw', data: { device } } as Command)
  }

  /** The day; `held`, where the phone has it already, told anew as of which entry it is true. */
  async work(held?: Work): Promise<Work> {
    let heard = new Headers()
    const api = new Api(async (input, init) => {
      const headers = new Headers(init?.headers)
      if (held?.tag !== undefined) headers.set('If-None-Match', held.tag)
      const response = await this.fetch(input, { ...init, headers: Object.fromEntries(headers) })
      heard = response.headers
      return response
    })
    const told = await api.call<GridWork | undefined>('GET', '/grid-work')
    if (told === undefined && held !== undefined) return { ...held, seq: Number(heard.get(SEQ) ?? held.seq) }
    if (told === undefined) throw new Unreachable('GET /grid-work: no day')
    return { ...workOf(told), tag: heard.get('ETag') ?? undefined }
  }

  async signOut(): Promise<void> {
    await this.api.signOut()
  }

  send = async (items: readonly Item[]): Promise<readonly Outcome[]> => {
    const [first] = items
    if (first === undefined) return []
    if (first.kind !== VISIT) return [await this.one(first)]
    const visits = items.slice(0, items.findIndex(({ kind }) => kind !== VISIT) >>> 0)
    const { results } = await this.api.call<VisitsTaken>('POST', '/visits', { visits: visits.map(({ id, data }) => ({ id, ...data })) })
    return results.map(({ seq, conflict, error }) =>
      error === null ? { seq: seq ?? 0, conflict } : { refusal: new Refused(error.code as Refused['code'], error.message, error.field ?? undefined) },
    )
  }

  upload = async (bytes: ArrayBuffer, type: string): Promise<string> => {
    const stored = await this.api.call<StoredObject>('PUT', '/objects', new Blob([bytes], { type }))
    return stored.object
  }

  private async one({ id, kind, data }: Item): Promise<Outcome> {
    try {
      const door = DOORS[kind]?.(data)
      const answer: Pick<Answer, 'seq'> = door === undefined ? await this.api.command({ id, kind, data } as unknown as Command) : await this.api.call('POST', door.path, { id, ...door.body })
      return { seq: answer.seq }
    } catch (error) {
      if (error instanceof Refused) return { refusal: error }
      throw error
    }
  }

  /** A request as it is, without a limit of time: what is held open, and media. */
  raw: Fetch = async (input, init = {}) => this.fetchLike(input, this.half === '' ? init : { ...init, headers: { ...(init.headers as Record<string, string>), [HALF]: this.half } })

  private async fetch(input: string, init: RequestInit = {}): Promise<Response> {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), init.body instanceof Blob ? UPLOAD_MS : ANSWER_MS)
    const headers = this.half === '' ? init.headers : { ...(init.headers as Record<string, string>), [HALF]: this.half }
    try {
      return await this.fetchLike(input, { ...init, ...(headers !== undefined && { headers }), signal: patience.signal, cache: 'no-store' })
    } finally {
      clearTimeout(timer)
    }
  }
}

