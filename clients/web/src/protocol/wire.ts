/** The socket as the protocol code sees it, and socket.io behind it: the only file that knows socket.io. */
import { io } from 'socket.io-client'

import { LineEnded, refusalOf, Unreachable } from './refusal'

export interface WireHandlers {
  up: () => void
  /** The line that was up is lost. */
  down: () => void
  /** No line came up: nobody answered. */
  failed: () => void
  /** The hub turned the connection away; `unauthenticated` when the session is over. */
  refused: (why: string) => void
  event: (name: string, data: unknown) => void
  /** Any word of the hub, be it only a ping. */
  heard: () => void
}

/** One line to the hub at a time. It does not come back by itself: who opened it opens it again. */
export interface Wire {
  attach: (handlers: WireHandlers) => void
  /** Try once: `up`, `failed` or `refused` is told. */
  open: () => void
  /** End the line, or the try that is under way; `down` is told of a line that was up. */
  close: () => void
  /** The acknowledgement of an event. Raises Refused, Unreachable without an answer in time, LineEnded when the hub closed the line instead. */
  call: (name: string, body: unknown, timeoutMs: number) => Promise<unknown>
}

export const EVENTS = ['hello', 'part', 'can', 'changed', 'check_asked', 'entry', 'presence', 'media', 'patrol', 'hub', 'session_ended'] as const
/** Ends that the other side made: a network that goes away is noticed by its silence (`ping timeout`). */
const HUNG_UP: ReadonlySet<string> = new Set(['io server disconnect', 'transport close', 'transport error'])

export function socketIoWire(): Wire {
  const socket = io({
    path: '/socket.io',
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnection: false,
    timeout: 5000,
  })
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
      })
      socket.on('connect_error', (error) => {
        // active: nobody answered; otherwise the hub did, with no
        if (socket.active) handlers.failed()
        else handlers.refused(error.message)
      })
      for (const name of EVENTS) {
        socket.on(name, (data: unknown) => {
          heard()
          handlers.event(name, data)
        })
      }
    },
    open() {
      socket.connect()
    },
    close() {
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
