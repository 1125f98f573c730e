import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Following } from '@/protocol/follow'
import type { MeetingView } from '@/protocol/meeting'
import type { Refused } from '@/protocol/refusal'
import { HubSocket } from '@/protocol/socket'

import { entry, ref, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

const by = { account: 'a_leader', name: '王某', center: '', center_name: '' }
const decided = (seq: number) => entry(seq, 'decision.recorded', { decision: `d_${String(seq)}`, text: String(seq), by })

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(5)
}

describe('following a meeting', () => {
  let hub: FakeHub
  let socket: HubSocket
  let following: Following
  let views: MeetingView[]
  let refused: Refused[]

  beforeEach(() => {
    vi.useFakeTimers()
    hub = new FakeHub()
    socket = new HubSocket(hub.wire)
    views = []
    refused = []
    following = new Following('m_1', socket, {
      view: (view) => views.push(view),
      presence: () => undefined,
      media: () => undefined,
      anew: () => undefined,
      refused: (error) => refused.push(error),
    })
    following.start()
  })
  afterEach(() => {
    following.stop()
    socket.close()
    vi.useRealTimers()
  })

  it('begins with everything and goes on with each entry', async () => {
    hub.journal.push(decided(3))
    socket.open()
    await settle()
    hub.write(decided(5))
    expect(following.view?.log.map((one) => one.seq)).toEqual([3, 5])
    expect(following.view?.meeting.decisions.map((one) => one.id)).toEqual(['d_5'])
  })

  it('asks only for what is new after the line was lost, and misses nothing', async () => {
    socket.open()
    await settle()
    hub.write(decided(3))
    hub.cut()
    hub.write(decided(4))
    hub.write(decided(6))
    hub.connect()
    await settle()
    expect(hub.follows).toEqual([0, 3])
    expect(following.view?.log.map((one) => one.seq)).toEqual([3, 4, 6])
    expect(following.view?.seq).toBe(6)
  })

  it('takes an entry that comes while the meeting is being read, once', async () => {
    socket.open()
    hub.write(decided(3))
    await settle()
    expect(following.view?.log.map((one) => one.seq)).toEqual([3])
  })

  it('reads again when an entry comes that should have come earlier', async () => {
    socket.open()
    await settle()
    hub.write(decided(9))
    hub.journal.unshift(decided(5))
    hub.tell('entry', decided(5))
    await vi.advanceTimersByTimeAsync(2500)
    expect(hub.follows.length).toBe(2)
  })

  it('reads again when an answered command does not show', async () => {
    socket.open()
    await settle()
    hub.journal.push(decided(3)) // written, but the event got lost
    following.expect(3)
    await vi.advanceTimersByTimeAsync(2500)
    expect(following.view?.seq).toBe(3)
  })

  it('ignores entries of other meetings', async () => {
    socket.open()
    await settle()
    hub.tell('entry', { ...decided(3), meeting: 'm_2' })
    expect(following.view?.log).toEqual([])
  })

  it('is told why when the meeting may not be seen', async () => {
    hub.refuse = []
    const call = hub.wire.call
    hub.wire.call = async (name, body, timeout) => {
      if (name !== 'follow') return call(name, body, timeout)
      const { Refused } = await import('@/protocol/refusal')
      throw new Refused('not_found', 'no')
    }
    socket.open()
    await settle()
    expect(refused.map((one) => one.code)).toEqual(['not_found'])
    hub.wire.call = call
  })
})

describe('the connection', () => {
  it('says in a word how it is', () => {
    vi.useFakeTimers()
    const hub = new FakeHub()
    const socket = new HubSocket(hub.wire)
    const words: string[] = []
    socket.on('state', (state) => words.push(state))
    socket.open()
    hub.cut()
    hub.connect()
    hub.turnAway('unauthenticated')
    expect(words).toEqual(['online', 'reconnecting', 'online', 'signedOut'])
    socket.close()
    vi.useRealTimers()
  })

  it('knocks again at a hub that turns everybody away', async () => {
    vi.useFakeTimers()
    const hub = new FakeHub()
    const socket = new HubSocket(hub.wire)
    hub.turnAway('unavailable')
    expect(socket.state).toBe('connecting')
    await vi.advanceTimersByTimeAsync(2500)
    expect(socket.state).toBe('online')
    socket.close()
    vi.useRealTimers()
  })

  it('tells presence of centers from presence in a meeting', () => {
    const hub = new FakeHub()
    const socket = new HubSocket(hub.wire)
    const heard: string[] = []
    socket.on('centers', (event) => heard.push(`centers ${String(event.full)}`))
    socket.on('participants', (event) => heard.push(event.meeting))
    socket.open()
    hub.tell('presence', { centers: [{ code: VILLAGE, state: 'online' }], full: true })
    hub.tell('presence', { meeting: 'm_1', participants: [{ ...ref('a', VILLAGE, ''), state: 'online' }] })
    expect(heard).toEqual(['centers true', 'm_1'])
    socket.close()
  })
})
