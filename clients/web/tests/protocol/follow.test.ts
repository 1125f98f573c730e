import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { type FollowHandlers, Following, MOST_ENTRIES } from '@/protocol/follow'
import { Refused } from '@/protocol/refusal'
import { HubSocket } from '@/protocol/socket'
import type { PartEvent } from '@/protocol/types'

import { entry, ref, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

const by = { account: 'a_leader', name: '王某', center: '', center_name: '' }
const decided = (seq: number) => entry(seq, 'decision.recorded', { decision: `d_${String(seq)}`, text: String(seq), by })
const stage = (seq: number, meeting = 'm_1'): PartEvent => ({ meeting, name: 'stage', seq, value: { broadcast: 'a_1' } })

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(5)
}

describe('following a meeting', () => {
  let hub: FakeHub
  let socket: HubSocket
  let following: Following
  /** What was told, in its order: `settled 7`, `part 8`. */
  let told: string[]
  let since: number | null
  const say = (what: string) => (event: object) => void told.push('seq' in event ? `${what} ${String(event.seq)}` : what)

  beforeEach(() => {
    vi.useFakeTimers()
    hub = new FakeHub()
    socket = new HubSocket(hub.wire)
    told = []
    since = null
    following = new Following('m_1', socket, {
      settled: say('settled'),
      part: say('part'),
      can: say('can'),
      changed: say('changed'),
      entry: say('entry'),
      presence: () => undefined,
      media: say('media'),
      anew: () => undefined,
      refused: (error) => told.push(`refused ${error.code}`),
      since: () => since,
    } satisfies FollowHandlers)
    following.start()
  })
  afterEach(() => {
    following.stop()
    socket.close()
    vi.useRealTimers()
  })
  async function online(): Promise<void> {
    socket.open()
    await settle()
  }

  it('begins with the whole meeting and goes on with what is told', async () => {
    await online()
    hub.tell('part', stage(3))
    hub.tell('changed', { what: 'order', id: 'o_1', meeting: 'm_1', seq: 4 })
    hub.write(decided(4))
    hub.tell('can', { meeting: 'm_1', can: [] })
    expect(told).toEqual(['settled 2', 'part 3', 'changed 4', 'entry 4', 'can'])
  })

  it('asks for the whole anew after the line was lost, and for the record since what it has', async () => {
    await online()
    hub.cut()
    since = 3
    hub.connect()
    await settle()
    expect(hub.follows).toEqual([null, 3])
    expect(told).toEqual(['settled 2', 'settled 2'])
  })

  it('tells what comes while the meeting is being read after it, in its order', async () => {
    socket.open()
    hub.tell('part', stage(3))
    hub.tell('media', { meeting: 'm_1', kind: 'levels', levels: {}, speaker: null })
    hub.tell('part', stage(4))
    await settle()
    expect(told).toEqual(['settled 2', 'part 3', 'media', 'part 4'])
  })

  it('loses nothing that came while a reading failed', async () => {
    await online()
    const call = hub.wire.call
    hub.wire.call = async (name, body, timeout) => {
      if (name !== 'follow') return call(name, body, timeout)
      hub.wire.call = call
      await Promise.resolve()
      throw new Refused('unavailable', 'later')
    }
    void following.read()
    hub.tell('part', stage(3))
    await settle()
    expect(told).toEqual(['settled 2', 'part 3'])
    await vi.advanceTimersByTimeAsync(1500)
    expect(told.at(-1)).toBe('settled 2')
  })

  it.each(['part', 'changed', 'entry'])('reads again when an answered command does not show, and not when a %s tells of it', async (name) => {
    await online()
    following.expect(3)
    hub.tell(name, { ...stage(4), what: 'order', id: 'o_1' })
    await vi.advanceTimersByTimeAsync(2500)
    expect(hub.follows.length).toBe(1)
    following.expect(5)
    await vi.advanceTimersByTimeAsync(2500)
    expect(hub.follows.length).toBe(2)
  })

  it('takes a reading whose documents are behind for no more than they are', async () => {
    const call = hub.wire.call
    hub.wire.call = async (name, body, timeout) => {
      const answer = await call(name, body, timeout)
      return name === 'follow' ? { ...(answer as object), seq: 9, documents: { seq: 7, orders: [], reports: [], decisions: [], notes: [] } } : answer
    }
    await online()
    following.expect(8)
    await vi.advanceTimersByTimeAsync(2500)
    expect(hub.follows.length).toBe(2)
  })

  it('goes on reading where one answer does not hold all that was missed', async () => {
    since = 1
    for (let seq = 2; seq < 2 + MOST_ENTRIES; seq += 1) hub.journal.push(decided(seq))
    const call = hub.wire.call
    hub.wire.call = async (name, body, timeout) => {
      const answer = await call(name, body, timeout)
      since = hub.seq
      return answer
    }
    await online()
    expect(hub.follows).toEqual([1, hub.seq])
  })

  it('ignores what is told of other meetings', async () => {
    await online()
    hub.tell('part', stage(3, 'm_2'))
    hub.tell('entry', { ...decided(3), meeting: 'm_2' })
    hub.tell('changed', { what: 'order', id: 'o_1', meeting: null, seq: 3 })
    expect(told).toEqual(['settled 2'])
  })

  it('is told why when the meeting may not be seen', async () => {
    const call = hub.wire.call
    hub.wire.call = async (name, body, timeout) => {
      if (name !== 'follow') return call(name, body, timeout)
      await Promise.resolve()
      throw new Refused('not_found', 'no')
    }
    await online()
    expect(told).toEqual(['refused not_found'])
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
