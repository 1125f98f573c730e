/** The socket as the protocol code sees it, and socket.io behind it: the only file that knows socket.io. */
import { io } from 'socket.io-client'

import { LineEnded, refusalOf, Unreachable } from './refusal'

export interface WireHandlers {
  up: () => void
  down: () => void
  /** The hub turned the connection away; `unauthenticated` when the session is over. */
  refused: (why: string) => void
  event: (name: string, data: unknown) => void
  /** Any word of the hub, be it only a ping. */
  heard: () => void
}

/** A connection that comes back by itself until it is closed. */
export interface Wire {
  attach: (handlers: WireHandlers) => void
  open: () => void
  close: () => void
  /** The acknowledgement of an event. Raises Refused, Unreachable without an answer in time, LineEnded when the hub closed the line instead. */
  call: (name: string, body: unknown, timeoutMs: number) => Promise<unknown>
}

export const EVENTS = ['hello', 'part', 'can', 'changed', 'check_asked', 'entry', 'presence', 'media', 'hub', 'session_ended'] as const
/** Ends that the other side made: a network that goes away is noticed by its silence (`ping timeout`). */
const HUNG_UP: ReadonlySet<string> = new Set(['io server disconnect', 'transport close', 'transport error'])

export function socketIoWire(): Wire {
  const socket = io({
    path: '/socket.io',
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 400,
    reconnectionDelayMax: 3000,
    randomizationFactor: 0.4,
    timeout: 5000,
  })
  let wanted = false
  let why = ''
  let heard: () => void = () => undefined
  return {
    attach(handlers) {
      heard = handlers.heard
      socket.on('connect', () => {
        heard()
        handlers.up()
      })
      socket.io.on('ping', heard)
      socket.on('disconnect', (reason) => {
        why = reason
        handlers.down()
        // socket.io gives up when the server hangs up; a hub that restarts does just that
        if (reason !== 'io server disconnect') return
        setTimeout(() => {
          if (wanted) socket.connect()
        }, 500)
      })
      socket.on('connect_error', (error) => {
        // active: the line is bad and socket.io tries again; otherwise the hub answered, with no
        if (!socket.active) handlers.refused(error.message)
      })
      for (const name of EVENTS) {
        socket.on(name, (data: unknown) => {
          heard()
          handlers.event(name, data)
        })
      }
    },
    open() {
      wanted = true
      socket.connect()
    },
    close() {
      wanted = false
      socket.disconnect()
    },
    async call(name, body, timeoutMs) {
      // socket.io would keep the event and send it later, outside of the outbox's knowledge
      if (!socket.connected) throw new Unreachable(`${name}: not connected`)
      let answer: unknown
      const line = socket.id
      try {
        answer = await socket.timeout(timeoutMs).emitWithAck(name, body)
      } catch (cause) {
        if (socket.id !== line && HUNG_UP.has(why)) throw new LineEnded(`${name}: the line ended`, { cause })
        throw new Unreachable(`${name}: no answer`, { cause })
      }
      heard()
      const refused = refusalOf(answer)
      if (refused) throw refused
      return answer
    },
  }
}
