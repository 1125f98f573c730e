/** Coming back after the line was lost: when, how often, and that a crowd does not come at once. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { waitMs } from '@/protocol/backOff'
import { HubSocket, SILENT_MS } from '@/protocol/socket'

import { FakeHub } from '../support/fakeHub'

const START = new Date(2026, 10, 29, 9).getTime()
const WELL = { journal: true, node: true, recorder: true, recording: true, low_on_space: [] }

beforeEach(() => vi.useFakeTimers({ now: START }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

function stand() {
  const hub = new FakeHub()
  const socket = new HubSocket(hub.wire)
  const states: string[] = []
  socket.on('state', (state) => states.push(state))
  socket.open()
  return { hub, socket, states }
}

describe('the wait before a try', () => {
  it('grows with each try up to five seconds, and lies anywhere within its window', () => {
    expect([1, 2, 3, 4, 9, 10_000].map((attempt) => waitMs(attempt, 0, 1))).toEqual([800, 1600, 3200, 5000, 5000, 5000])
    for (const attempt of [1, 4]) expect(waitMs(attempt, 0, 0)).toBe(200)
  })

  it('takes 2,047 stations back over eight seconds, no more than 320 in any one of them', () => {
    let seed = 7
    const chance = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
    const seconds = new Array<number>(9).fill(0)
    for (let i = 0; i < 2047; i += 1) {
      const second = Math.floor(waitMs(1, 8_000, chance()) / 1000)
      seconds[second] = (seconds[second] ?? 0) + 1
    }
    expect(Math.max(...seconds)).toBeLessThan(320)
    expect(seconds.slice(0, 8).every((count) => count > 150)).toBe(true)
  })
})

describe('a lost line', () => {
  it('is made again by itself, after how long is known', async () => {
    const { hub, socket, states } = stand()
    await vi.advanceTimersByTimeAsync(4_000)
    hub.ping()
    hub.away = true
    hub.cut()
    expect(socket.lostAt).toBe(START + 4_000)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(socket.state).toBe('reconnecting')
    expect(hub.dialled).toBeGreaterThan(4)
    hub.away = false
    await vi.advanceTimersByTimeAsync(5_000)
    expect(states).toEqual(['online', 'reconnecting', 'online'])
    expect(socket.lostAt).toBeUndefined()
    expect(socket.lastedMs).toBeGreaterThanOrEqual(15_000)
    expect(socket.lastedMs).toBeLessThanOrEqual(20_000)
    socket.close()
  })

  it('is tried at once by a key, also while a try hangs', async () => {
    const { hub, socket } = stand()
    hub.away = true
    hub.cut()
    await vi.advanceTimersByTimeAsync(60_000)
    hub.away = false
    const before = hub.dialled
    socket.reconnectNow()
    expect([socket.state, hub.dialled - before]).toEqual(['online', 1])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(hub.dialled - before).toBe(1)
    socket.close()
  })

  it('is made again within the time that the hub asks all to take', async () => {
    const { hub, socket } = stand()
    hub.tell('hub', { ...WELL, spread_ms: 16_000 })
    vi.spyOn(Math, 'random').mockReturnValue(0.75)
    hub.cut()
    await vi.advanceTimersByTimeAsync(11_900)
    expect(hub.dialled).toBe(1)
    await vi.advanceTimersByTimeAsync(200)
    expect([hub.dialled, socket.state]).toEqual([2, 'online'])
    socket.close()
  })

  it('is not sought any more by a page that was closed', async () => {
    const { hub, socket } = stand()
    socket.close()
    socket.reconnectNow()
    await socket.check()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(hub.dialled).toBe(1)
  })

  it('is sought again from a hub that turns everybody away, and not from one that knows the session no longer', async () => {
    const { hub, states } = stand()
    hub.away = true
    hub.turnAway('too_many')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(hub.dialled).toBeGreaterThan(3)
    hub.turnAway('unauthenticated')
    const before = hub.dialled
    await vi.advanceTimersByTimeAsync(60_000)
    expect([states.at(-1), hub.dialled]).toEqual(['signedOut', before])
  })
})

describe('a line that may be dead', () => {
  it('is asked, and stays when it answers', async () => {
    const { hub, socket, states } = stand()
    await vi.advanceTimersByTimeAsync(5_000)
    await socket.check()
    expect([states, hub.dialled]).toEqual([['online'], 1])
    socket.close()
  })

  it('is made anew at once when it does not answer', async () => {
    const { hub, socket, states } = stand()
    await vi.advanceTimersByTimeAsync(5_000)
    hub.deaf = true
    await socket.check()
    expect([states, hub.dialled]).toEqual([['online', 'reconnecting', 'online'], 2])
    socket.close()
  })

  it('is not even asked after a sleep: the hub has hung up long since', async () => {
    const { hub, socket, states } = stand()
    vi.setSystemTime(START + SILENT_MS + 47_000)
    const asked = vi.spyOn(hub.wire, 'call')
    await socket.check()
    expect(asked).not.toHaveBeenCalled()
    expect(states).toEqual(['online', 'reconnecting', 'online'])
    expect(socket.lastedMs).toBe(60_000)
    socket.close()
  })
})
