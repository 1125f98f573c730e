/** One live connection to the hub: its state in one word, and what it brings, typed. */
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
  /** How the hub itself is: on each connection and on change. */
  hub: HubEvent
  /** The session is over, and why (`session_ended`), `unknown` where the hub only turns away. Told once; nothing comes after it. */
  ended: string
}

const CALL_TIMEOUT_MS = 8000
/** How long to wait before trying again a hub that turns everybody away (it is starting, or full). */
const REFUSED_RETRY_MS = 2000

export class HubSocket {
  state: ConnectionState = 'connecting'
  /** The newest greeting. */
  hello: Hello | undefined
  /** How the hub itself was when it was last heard; not known before. */
  hub: HubEvent | undefined
  /** ms since 1970 of the hub's last word, be it only a ping. */
  heardAt: number | undefined
  private readonly emitter = new Emitter<HubEvents>()
  private retry: ReturnType<typeof setTimeout> | undefined
  private everOnline = false
  private closed = false

  constructor(private readonly wire: Wire) {
    wire.attach({
      up: () => undefined, // online is said with the hello: before that nothing is known
      down: () => {
        this.turn(this.everOnline ? 'reconnecting' : 'connecting')
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
    this.wire.open()
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

  private receive(name: string, data: unknown): void {
    switch (name) {
      case 'hello':
        this.everOnline = true
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
      case 'hub':
        this.hub = data as HubEvent
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
    this.turn(this.everOnline ? 'reconnecting' : 'connecting')
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      if (!this.closed) this.wire.open()
    }, REFUSED_RETRY_MS)
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
