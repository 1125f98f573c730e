/** The socket as the protocol code sees it, and socket.io behind it: the only file that knows socket.io. */
import { io } from 'socket.io-client'

import { refusalOf, Unreachable } from './refusal'

export interface WireHandlers {
  up: () => void
  down: () => void
  /** The hub turned the connection away; `unauthenticated` when the session is over. */
  refused: (why: string) => void
  event: (name: string, data: unknown) => void
}

/** A connection that comes back by itself until it is closed. */
export interface Wire {
  attach: (handlers: WireHandlers) => void
  open: () => void
  close: () => void
  /** The acknowledgement of an event. Raises Refused, or Unreachable without an answer in time. */
  call: (name: string, body: unknown, timeoutMs: number) => Promise<unknown>
}

export const EVENTS = ['hello', 'entry', 'presence', 'media'] as const

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
  return {
    attach(handlers) {
      socket.on('connect', () => {
        handlers.up()
      })
      socket.on('disconnect', (reason) => {
        handlers.down()
        // socket.io gives up when the server hangs up; a hub that restarts does just that
        if (reason === 'io server disconnect') setTimeout(() => socket.connect(), 500)
      })
      socket.on('connect_error', (error) => {
        // active: the line is bad and socket.io tries again; otherwise the hub answered, with no
        if (!socket.active) handlers.refused(error.message)
      })
      for (const name of EVENTS) {
        socket.on(name, (data: unknown) => {
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
      try {
        answer = await socket.timeout(timeoutMs).emitWithAck(name, body)
      } catch (cause) {
        throw new Unreachable(`${name}: no answer`, { cause })
      }
      const refused = refusalOf(answer)
      if (refused) throw refused
      return answer
    },
  }
}
