/** The live connection of the signed-in person, as refs: state, calls, presence, and the way to command. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { Outbox, tabStorage } from '@/protocol/commands'
import { HubSocket, type ConnectionState } from '@/protocol/socket'
import type { Account, Answer, CenterPresence, Command, CommandData, CommandKind, OpenCall, Order } from '@/protocol/types'
import { socketIoWire, type Wire } from '@/protocol/wire'

import { type Freshness, watchFreshness } from './freshness'
import { sessionEnds } from './sessionEnd'

export interface Live {
  readonly socket: HubSocket
  /** Whether what the hub said is fresh, and as of when it was said where not. */
  readonly freshness: Freshness
  readonly connection: Readonly<Ref<ConnectionState>>
  /** Whether the first greeting has come: before it, calls and orders are not known. */
  readonly greeted: Readonly<Ref<boolean>>
  /** Open meetings that call this center, as of the newest greeting, openings and endings since. */
  readonly calls: Readonly<Ref<readonly OpenCall[]>>
  /** Uncompleted orders of this center as of the newest greeting. */
  readonly orders: Readonly<Ref<readonly Order[]>>
  /** Centers that are not offline; a center that is missing is offline. */
  readonly presence: Readonly<Ref<ReadonlyMap<string, CenterPresence>>>
  /** Whether the hub runs as a demo. */
  readonly demo: Readonly<Ref<boolean>>
  /** Commands that the hub has not answered yet. */
  readonly pending: Readonly<Ref<number>>
  /** Commands that were given up because the hub hangs up on them, until the person has read of them. */
  readonly givenUp: Readonly<Ref<readonly Command[]>>
  givenUpRead: () => void
  /** Raises Refused when the hub says no, GivenUp for one that it hangs up on; waits through lost connections. */
  command: <K extends CommandKind>(kind: K, data: CommandData[K], meeting?: string) => Promise<Answer>
}

let makeWire: () => Wire = socketIoWire

/** Have all later connections go over another wire (tests and the look-and-see page). */
export function connectOver(make: () => Wire): void {
  makeWire = make
}

/** Opens the connection for the life of the page (the effect scope) that calls it. */
export function useLive(account: Account): Live {
  const socket = new HubSocket(makeWire())
  const outbox = new Outbox(
    (command: Command) => socket.call<Answer>('command', command),
    tabStorage(account.id, window.sessionStorage),
  )
  const connection = shallowRef<ConnectionState>(socket.state)
  const greeted = shallowRef(false)
  const calls = shallowRef<readonly OpenCall[]>([])
  const orders = shallowRef<readonly Order[]>([])
  const presence = shallowRef<ReadonlyMap<string, CenterPresence>>(new Map())
  const demo = shallowRef(false)
  const pending = shallowRef(outbox.pending)

  const givenUp = shallowRef<readonly Command[]>([])
  outbox.onGivenUp = (command) => {
    givenUp.value = [...givenUp.value, command]
  }
  outbox.onPending = (count) => {
    pending.value = count
  }
  socket.on('ended', sessionEnds)
  socket.on('state', (state) => {
    connection.value = state
  })
  socket.on('hello', (hello) => {
    calls.value = hello.calls
    orders.value = hello.orders
    demo.value = hello.demo
    greeted.value = true
    outbox.resume()
  })
  socket.on('entry', (entry) => {
    if (entry.kind === 'meeting.ended') calls.value = calls.value.filter((call) => call.id !== entry.meeting)
  })
  socket.on('centers', (event) => {
    const next = new Map(event.full ? [] : presence.value)
    for (const { code, state } of event.centers) {
      if (state === 'offline') next.delete(code)
      else next.set(code, state)
    }
    presence.value = next
  })
  socket.open()
  onScopeDispose(() => {
    socket.close()
  })
  return {
    socket,
    freshness: watchFreshness(socket),
    connection,
    greeted,
    calls,
    orders,
    presence,
    demo,
    pending,
    givenUp,
    givenUpRead: () => (givenUp.value = []),
    command: async (kind, data, meeting) => outbox.submit(kind, data, meeting),
  }
}
