/** What a phone says to the hub and hears from it: one API with the second half of its token in each call, and the door of its queue. */
import { Api, type Fetch } from '@/protocol/api'
import { newCommandId } from '@/protocol/ids'
import { Refused, Unreachable } from '@/protocol/refusal'
import type { Answer, Command, DeviceList, DeviceSignedIn, DeviceStanding, GridWork, HouseholdSeen, ListPlace, OwnAccount, StoredObject, VisitsTaken } from '@/protocol/types'

import { REPORT } from './listRows'
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
/** What goes by another door than that of commands, one at a time: how it is asked for, and where the answer has its entry. */
interface OtherDoor {
  readonly path: (data: Item['data']) => string
  readonly body: (id: string, data: Item['data']) => unknown
  readonly outcome: (answer: never) => Outcome
}
const DOORS: Readonly<Record<string, OtherDoor>> = {
  'visit.correct': {
    path: () => '/visits/corrections',
    body: (id, data) => ({ corrections: [{ id, ...data }] }),
    outcome: ({ results }: VisitsTaken) => taken(results[0]),
  },
  'household.register': {
    path: () => '/registry/households',
    body: (id, data) => ({ id, ...data }),
    outcome: ({ seq }: HouseholdSeen) => ({ seq }),
  },
  [REPORT]: {
    path: ({ clearing }) => `/clearings/${encodeURIComponent(String(clearing))}/results`,
    body: (id, { clearing: _, ...result }) => ({ id, results: [result] }),
    outcome: ({ seq }: Pick<Answer, 'seq'>) => ({ seq }),
  },
  'errand.ask': {
    path: () => '/errands',
    body: (id, data) => ({ id, ...data }),
    outcome: ({ seq }: Pick<Answer, 'seq'>) => ({ seq }),
  },
  'errand.finish': {
    path: ({ errand }) => `/errands/${encodeURIComponent(String(errand))}/done`,
    body: (id, { errand: _, ...body }) => ({ id, ...body }),
    outcome: ({ seq }: Pick<Answer, 'seq'>) => ({ seq }),
  },
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
    return { ...workOf(told), heard: Date.now(), tag: heard.get('ETag') ?? undefined }
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
    return results.map(taken)
  }

  upload = async (bytes: ArrayBuffer, type: string): Promise<string> => {
    const stored = await this.api.call<StoredObject>('PUT', '/objects', new Blob([bytes], { type }))
    return stored.object
  }

  /** Pictures that the hub has. Raises Refused for one that is not there, or not for this person. */
  async pictures(objects: readonly string[]): Promise<readonly Blob[]> {
    return Promise.all(objects.map(async (object) => this.blob(`/api/v1/objects/${encodeURIComponent(object)}`)))
  }

  /** Centers of a list's area to which somebody may have moved, by what they are called. */
  async places(clearing: string, text: string): Promise<readonly ListPlace[]> {
    return (await this.api.call<{ centers: readonly ListPlace[] }>('GET', `/clearings/${encodeURIComponent(clearing)}/places?q=${encodeURIComponent(text)}`)).centers
  }

  private async blob(path: string): Promise<Blob> {
    const answer = await this.fetch(path).catch(() => undefined)
    if (answer === undefined) throw new Unreachable('the hub did not answer')
    if (!answer.ok) throw new Refused('not_found', 'there is no such picture')
    return answer.blob()
  }

  private async one({ id, kind, data }: Item): Promise<Outcome> {
    const door = DOORS[kind]
    try {
      if (door !== undefined) return door.outcome(await this.api.call<never>('POST', door.path(data), door.body(id, data)))
      const answer: Answer = await this.api.command({ id, kind, data } as unknown as Command)
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

function taken(result: VisitsTaken['results'][number] | undefined): Outcome {
  if (result === undefined) return { refusal: new Refused('unavailable', 'the hub said nothing of it') }
  const { seq, conflict, error } = result
  return error === null ? { seq: seq ?? 0, conflict } : { refusal: new Refused(error.code as Refused['code'], error.message, error.field ?? undefined) }
}
