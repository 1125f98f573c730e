/** One live connection to the hub: its state in one word, and what it brings, typed. */
import { waitMs } from './backOff'
import { Emitter, type Off } from './emitter'
import { Refused } from './refusal'
import type {
  CanEvent,
  CheckAskedEvent,
  CentersPresenceEvent,
  ChangedEvent,
  Entry,
  Hello,
  HubEvent,
  MediaEvent,
  MeetingPresenceEvent,
  PartEvent,
  PatrolEvent,
  PresenceEvent,
} from './types'
import { wellFormed } from './wellFormed'
import type { Wire } from './wire'

export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'signedOut'

export interface HubEvents {
  state: ConnectionState
  /** Told on each connection, the first and every later one: the moment to resume. */
  hello: Hello
  /** A part of a meeting that is followed. */
  part: PartEvent
  can: CanEvent
  /** A document, of a meeting that is followed or of one's own. */
  changed: ChangedEvent
  /** A check waits for the answer of one's own center. */
  check: CheckAskedEvent
  /** For the record beside a meeting; nothing is made of it. */
  entry: Entry
  centers: CentersPresenceEvent
  participants: MeetingPresenceEvent
  media: MediaEvent
  /** What the hub saw flow to who walks a round. */
  patrol: PatrolEvent
  /** How the hub itself is: on each connection and on change. */
  hub: HubEvent
  /** The session is over, and why (`session_ended`), `unknown` where the hub only turns away. Told once; nothing comes after it. */
  ended: string
}

const CALL_TIMEOUT_MS = 8000
/** The hub speaks at least every ten seconds (a ping): after so long (ms) without a word its line is dead. */
export const SILENT_MS = 13_000
/** A word so fresh (ms) needs no asking whether the line stands. */
const FRESH_MS = 2_000
/** So long (ms) a line that may be dead has for an answer. */
const PROBE_MS = 2_500

export class HubSocket {
  state: ConnectionState = 'connecting'
  /** The newest greeting. */
  hello: Hello | undefined
  /** How the hub itself was when it was last heard; not known before. */
  hub: HubEvent | undefined
  /** ms since 1970 of the hub's last word, be it only a ping. */
  heardAt: number | undefined
  /** ms since 1970 of the last word before the connection was lost; undefined while it stands, and before the first. */
  lostAt: number | undefined
  /** How long (ms) the last loss lasted; undefined before the first that is over. */
  lastedMs: number | undefined
  /** Within how long (ms) all pages of this hub are to come back, as it last said. */
  spreadMs = 0
  private attempt = 0
  private probing = false
  private readonly emitter = new Emitter<HubEvents>()
  private retry: ReturnType<typeof setTimeout> | undefined
  private everOnline = false
  private closed = false

  constructor(private readonly wire: Wire) {
    wire.attach({
      up: () => undefined, // online is said with the hello: before that nothing is known
      down: () => {
        this.again()
      },
      failed: () => {
        this.again()
      },
      refused: (why) => {
        this.turnedAway(why)
      },
      event: (name, data) => {
        this.heardAt = Date.now()
        this.receive(name, data)
      },
      heard: () => {
        this.heardAt = Date.now()
      },
    })
  }

  on<K extends keyof HubEvents>(name: K, listener: (value: HubEvents[K]) => void): Off {
    return this.emitter.on(name, listener)
  }

  open(): void {
    this.closed = false
    this.dial()
  }

  /** Do not wait any longer: try now, and give up a try that hangs. */
  reconnectNow(): void {
    if (this.closed || this.state === 'online' || this.state === 'signedOut') return
    clearTimeout(this.retry)
    this.wire.close()
    this.attempt = 0
    this.dial()
  }

  /**
   * Something happened that lines often do not outlive (the machine slept, the network is another one): a line that is dead
   * without knowing is found out within seconds, and made anew.
   */
  async check(): Promise<void> {
    if (this.closed || this.state === 'signedOut' || this.probing) return
    if (this.state === 'online') {
      const silence = Date.now() - (this.heardAt ?? 0)
      if (silence < FRESH_MS) return
      if (silence < SILENT_MS && (await this.answers())) return
      if (this.state === 'online') this.wire.close()
    }
    this.reconnectNow()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.retry)
    this.wire.close()
  }

  /** Raises Refused for the hub's no, Unreachable when no answer came. */
  async call<T>(name: string, body: unknown, timeoutMs = CALL_TIMEOUT_MS): Promise<T> {
    try {
      return (await this.wire.call(name, wellFormed(body), timeoutMs)) as T
    } catch (error) {
      if (error instanceof Refused && error.code === 'unauthenticated') this.over('unknown')
      throw error
    }
  }

  private async answers(): Promise<boolean> {
    this.probing = true
    try {
      await this.wire.call('probe', {}, PROBE_MS)
      return true
    } catch (error) {
      return error instanceof Refused
    } finally {
      this.probing = false
    }
  }

  private dial(): void {
    clearTimeout(this.retry)
    if (!this.closed) this.wire.open()
  }

  /** There is no line: say so, and try again by and by. */
  private again(): void {
    if (this.closed) return
    if (this.everOnline) this.lostAt ??= this.heardAt
    this.turn(this.everOnline ? 'reconnecting' : 'connecting')
    this.attempt += 1
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      this.dial()
    }, waitMs(this.attempt, this.spreadMs))
  }

  private receive(name: string, data: unknown): void {
    switch (name) {
      case 'hello':
        this.everOnline = true
        this.attempt = 0
        if (this.lostAt !== undefined) this.lastedMs = Date.now() - this.lostAt
        this.lostAt = undefined
        this.hello = data as Hello
        this.turn('online')
        this.emitter.emit('hello', this.hello)
        break
      case 'part':
        this.emitter.emit('part', data as PartEvent)
        break
      case 'can':
        this.emitter.emit('can', data as CanEvent)
        break
      case 'changed':
        this.emitter.emit('changed', data as ChangedEvent)
        break
      case 'check_asked':
        this.emitter.emit('check', data as CheckAskedEvent)
        break
      case 'entry':
        this.emitter.emit('entry', data as Entry)
        break
      case 'presence': {
        const presence = data as PresenceEvent
        if ('centers' in presence) this.emitter.emit('centers', presence)
        else this.emitter.emit('participants', presence)
        break
      }
      case 'media':
        this.emitter.emit('media', data as MediaEvent)
        break
      case 'patrol':
        this.emitter.emit('patrol', data as PatrolEvent)
        break
      case 'hub':
        this.hub = data as HubEvent
        this.spreadMs = this.hub.spread_ms
        this.emitter.emit('hub', this.hub)
        break
      case 'session_ended':
        this.over((data as { reason?: string } | null)?.reason ?? 'unknown')
        break
      default: // a newer hub may say more than this page knows
    }
  }

  private turnedAway(why: string): void {
    if (why.includes('unauthenticated')) {
      this.over('unknown')
      return
    }
    this.again()
  }

  private over(why: string): void {
    if (this.state === 'signedOut') return
    this.turn('signedOut')
    this.close()
    this.emitter.emit('ended', why)
  }

  private turn(state: ConnectionState): void {
    if (state === this.state || this.state === 'signedOut') return
    this.state = state
    this.emitter.emit('state', state)
  }
}
