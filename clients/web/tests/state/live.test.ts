// @vitest-environment jsdom
/** Calls and orders of one's own center, from the greeting on. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

import type { OpenCall, Order } from '@/protocol/types'
import { connectOver, type Live, useLive } from '@/state/live'

import { CITY, LEADER, order, snapshot, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

const call = (id: string, minute: number, state: OpenCall['state'] = 'open'): OpenCall => {
  const { title, kind, chair, recording } = snapshot()
  const opened_at = `2026-11-23T08:0${String(minute)}:00.000000Z`
  return { id, title, kind, state, chair, called: 4, opened_at, rung_at: opened_at, declined: null, recording, recording_state: null, recording_reason: null }
}
const mine = (state: Order['state'], id = 'o_1'): Order => order({ [CITY]: state, [VILLAGE]: 'issued' }, { id, meeting: null })

let hub: FakeHub
let scope: EffectScope
let live: Live
let asked: string[][]
let stored: Order[]

beforeEach(() => {
  vi.useFakeTimers()
  hub = new FakeHub()
  asked = []
  stored = []
  connectOver(() => hub.wire)
  hub.greeting = { calls: [call('m_1', 1)], orders: [mine('issued')], can: ['meeting.open'], seq: 10 }
  scope = effectScope()
  live = scope.run(() =>
    useLive(LEADER, {
      ordersById: (ids) => {
        asked.push([...ids])
        return Promise.resolve(stored.filter((one) => ids.includes(one.id)))
      },
      entriesBefore: () => Promise.reject(new Error('not asked for')),
    }),
  ) as Live
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})
const changed = (what: string, id: string, seq: number, how: object = {}): void => {
  hub.tell('changed', { what, id, meeting: null, seq, ...how })
}
const shown = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(1000))
const states = () => live.orders.value.map((one) => [one.id, one.targets.find((target) => target.center === CITY)?.state])

describe('calls', () => {
  it('come with the greeting, are opened and ended, the newest first', async () => {
    expect(live.calls.value.map((one) => one.id)).toEqual(['m_1'])
    changed('meeting', 'm_2', 11, { value: call('m_2', 2) })
    await shown()
    expect(live.calls.value.map((one) => one.id)).toEqual(['m_2', 'm_1'])
    changed('meeting', 'm_1', 12, { value: call('m_1', 1, 'ended') })
    changed('meeting', 'm_1', 9, { value: call('m_1', 1) })
    await shown()
    expect(live.calls.value.map((one) => one.id)).toEqual(['m_2'])
  })

  it('that ended while the line was lost are gone with the next greeting', () => {
    hub.greeting = { ...hub.greeting, calls: [], seq: 20 }
    hub.connect()
    expect(live.calls.value).toEqual([])
  })
})

describe('orders of the own center', () => {
  it('come with the greeting and move on with each row', async () => {
    expect(states()).toEqual([['o_1', 'issued']])
    const rows = { [CITY]: mine('signed').targets.find((one) => one.center === CITY) }
    changed('order', 'o_1', 12, { rows })
    changed('order', 'o_1', 11, { rows: { [CITY]: mine('issued').targets.find((one) => one.center === CITY) } })
    await shown()
    expect(states()).toEqual([['o_1', 'signed']])
    expect(asked).toEqual([])
  })

  it('leave out those of others, in whole and in rows', async () => {
    changed('order', 'o_2', 11, { value: order({ [VILLAGE]: 'issued' }, { id: 'o_2' }) })
    changed('order', 'o_3', 12, { rows: { [VILLAGE]: order().targets[0] } })
    await shown()
    expect(states()).toEqual([['o_1', 'issued']])
    expect(asked).toEqual([])
  })

  it('are read where one only hears that there is something', async () => {
    stored = [mine('signed', 'o_2')]
    changed('order', 'o_2', 11)
    changed('order', 'o_2', 12)
    await shown()
    expect(states()).toEqual([
      ['o_1', 'issued'],
      ['o_2', 'signed'],
    ])
    expect(asked).toEqual([['o_2']])
  })

  it('that the next greeting does not list are read, and stay to be seen as completed', async () => {
    stored = [mine('completed')]
    hub.greeting = { ...hub.greeting, orders: [], seq: 20 }
    hub.connect()
    await shown()
    expect(states()).toEqual([['o_1', 'completed']])
    hub.greeting = { ...hub.greeting, seq: 30 }
    hub.connect()
    await shown()
    expect(asked).toEqual([['o_1']])
    expect(states()).toEqual([['o_1', 'completed']])
  })

  it('of before are added, and what is known stays as it is', async () => {
    live.addOrders([mine('completed'), mine('completed', 'o_0')])
    await shown()
    expect(states()).toEqual([
      ['o_0', 'completed'],
      ['o_1', 'issued'],
    ])
  })
})

it('says what one may do outside of meetings', () => {
  expect([...live.can.value]).toEqual(['meeting.open'])
})
