/** The live connection of the signed-in person, as refs: state, calls, presence, and the way to command. */
import { computed, onScopeDispose, type Ref, shallowRef } from 'vue'

import { Api } from '@/protocol/api'
import { type NotSent, Outbox, tabStorage } from '@/protocol/commands'
import { HubSocket, type ConnectionState } from '@/protocol/socket'
import type { Account, Answer, CenterPresence, Command, CommandData, CommandKind, OpenCall, Order } from '@/protocol/types'
import { socketIoWire, type Wire } from '@/protocol/wire'

import { whenAwake } from './awake'
import { type Back, useBack } from './back'
import { documentStore } from './documents'
import { type Frame, makeFrame } from './frame'
import { type Freshness, watchFreshness } from './freshness'
import { concerns, isOpenAt, orderStore } from './orders'
import { sessionEnds } from './sessionEnd'

export type LiveApi = Pick<Api, 'ordersById' | 'entriesBefore'>

export interface Live {
  readonly socket: HubSocket
  /** What is read because an event only says that it changed. */
  readonly api: LiveApi
  /** When what comes is shown. */
  readonly frame: Frame
  /** Whether what the hub said is fresh, and as of when it was said where not. */
  readonly freshness: Freshness
  /** How a lost connection comes back. */
  readonly back: Back
  readonly connection: Readonly<Ref<ConnectionState>>
  /** Whether the first greeting has come: before it, calls and orders are not known. */
  readonly greeted: Readonly<Ref<boolean>>
  /** Open meetings that call this center, the newest first. */
  readonly calls: Readonly<Ref<readonly OpenCall[]>>
  /** Orders of this center, the oldest first: those it has to do, and those that it completed since or that were added. */
  readonly orders: Readonly<Ref<readonly Order[]>>
  /** Add orders of before, as a list of the hub gives them: what is known already stays as it is. */
  addOrders: (orders: readonly Order[]) => void
  /** What one may do for one's own center outside of meetings. */
  readonly can: Readonly<Ref<ReadonlySet<string>>>
  /** Centers that are not offline; a center that is missing is offline. */
  readonly presence: Readonly<Ref<ReadonlyMap<string, CenterPresence>>>
  /** After so many seconds the stations of one's own center answer a call by themselves; 0 for never. */
  readonly answersAfter: Readonly<Ref<number>>
  /** Whether the hub runs as a demo. */
  readonly demo: Readonly<Ref<boolean>>
  /** Commands that the hub has not answered yet. */
  readonly pending: Readonly<Ref<number>>
  /** Commands that are not sent any more, and why, until the person has read of them. */
  readonly givenUp: Readonly<Ref<readonly NotSent[]>>
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
export function useLive(account: Account, api: LiveApi = new Api()): Live {
  const socket = new HubSocket(makeWire())
  const outbox = new Outbox(
    (command: Command) => socket.call<Answer>('command', command),
    tabStorage(account.id, window.sessionStorage),
  )
  const connection = shallowRef<ConnectionState>(socket.state)
  const greeted = shallowRef(false)
  const frame = makeFrame()
  const center = account.center.code
  // one that is told without a value is one that this account may know of no more: it is not found any more
  const calls = documentStore<OpenCall>(frame, { at: (call) => call.opened_at, read: () => Promise.resolve([]) })
  const orders = orderStore(frame, api, concerns(center))
  const can = shallowRef<ReadonlySet<string>>(new Set())
  const presence = shallowRef<ReadonlyMap<string, CenterPresence>>(new Map())
  const answersAfter = shallowRef(0)
  const demo = shallowRef(false)
  const pending = shallowRef(outbox.pending)

  const givenUp = shallowRef<readonly NotSent[]>([])
  outbox.onGivenUp = (one) => {
    givenUp.value = [...givenUp.value, one]
  }
  outbox.onPending = (count) => {
    pending.value = count
  }
  socket.on('ended', sessionEnds)
  socket.on('state', (state) => {
    connection.value = state
  })
  socket.on('hello', (hello) => {
    calls.settle(hello.calls, hello.seq)
    // what is not listed any more was completed or withdrawn meanwhile, and stays to be seen
    orders.settle(hello.orders, hello.seq, (order) => (isOpenAt(order, center) ? 'read' : 'keep'))
    can.value = new Set(hello.can)
    answersAfter.value = hello.answers_after_s
    demo.value = hello.demo
    greeted.value = true
    outbox.resume()
  })
  socket.on('changed', (event) => {
    if (event.what === 'order') orders.take(event)
    if (event.what === 'meeting') calls.take(event)
    if (event.what === 'answering' && event.id === center && event.value !== undefined && event.value !== null && 'seconds' in event.value) answersAfter.value = event.value.seconds
  })
  socket.on('centers', (event) => {
    const next = new Map(event.full ? [] : presence.value)
    for (const { code, state } of event.centers) {
      if (state === 'offline') next.delete(code)
      else next.set(code, state)
    }
    presence.value = next
  })
  whenAwake(() => void socket.check())
  socket.open()
  onScopeDispose(() => {
    orders.stop()
    frame.stop()
    socket.close()
  })
  return {
    socket,
    api,
    frame,
    freshness: watchFreshness(socket),
    back: useBack(socket),
    connection,
    greeted,
    calls: computed(() => calls.list.value.filter((call) => call.state === 'open').reverse()),
    orders: orders.list,
    addOrders: orders.insert,
    can,
    presence,
    answersAfter,
    demo,
    pending,
    givenUp,
    givenUpRead: () => (givenUp.value = []),
    command: async (kind, data, meeting) => outbox.submit(kind, data, meeting),
  }
}
