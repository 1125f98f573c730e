/** What a page holds of a meeting equals a fresh reading of it, whatever order events come in, however often, and after losses. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { MeetingView } from '@/protocol/meeting'
import { Refused, Unreachable } from '@/protocol/refusal'
import type { ChangedEvent, Entry, Order, OrderState, OrderTarget } from '@/protocol/types'
import { makeFrame } from '@/state/frame'
import { meetingNow, type MeetingNow } from '@/state/meetingNow'

import { followed, joined, order, ref, snapshot, TOWN, VILLAGE } from '../support/examples'
import { ModelHub, type Told } from '../support/modelHub'

const EVENT = { meeting: 'm_1' }
let read: (ids: readonly string[]) => Promise<Order[]>
let again: () => void

function page(): MeetingNow {
  const api = { ordersById: async (ids: readonly string[]) => read(ids), entriesBefore: () => Promise.reject(new Error('not asked for')) }
  return meetingNow({ api, frame: makeFrame() }, 'm_1', () => 0, () => { again() })
}
function view(of: MeetingNow): MeetingView {
  const now = of.view.value
  if (now === undefined) throw new Error('nothing is known yet')
  return now
}
function fresh(hub: ModelHub): MeetingView {
  const one = page()
  one.told.settled(hub.followed())
  return view(one)
}

beforeEach(() => {
  vi.useFakeTimers()
  read = () => Promise.reject(new Error('not asked for'))
  again = () => { throw new Error('not asked for') }
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a meeting told in pieces', () => {
  it.each(Array.from({ length: 40 }, (_, at) => at + 1))('equals a fresh reading after anything that may happen to events (%i)', async (seed) => {
    const hub = new ModelHub(seed)
    const mine = page()
    let waiting: Told[] = []
    let past: Told[] = []
    const follow = (late: boolean): void => {
      waiting.push(...hub.rest())
      mine.told.settled(hub.followed(late))
    }
    const any = (list: readonly Told[]): Told | undefined => list[hub.random(list.length)]
    read = async (ids) => {
      await new Promise((resolve) => setTimeout(resolve, hub.random(300)))
      return hub.orders(ids)
    }
    again = () => { follow(false) }
    follow(false)
    for (let at = 0; at < 150; at += 1) {
      waiting.push(...hub.step())
      if (hub.random(3) === 0) waiting.push(...hub.rest())
      while (waiting.length > hub.random(6)) {
        const told = any(waiting)
        waiting = waiting.filter((one) => one !== told)
        if (told !== undefined) past.push(told)
        told?.(mine.told)
      }
      if (hub.random(4) === 0) any(past)?.(mine.told)
      if (hub.random(4) === 0) await vi.advanceTimersByTimeAsync(hub.random(200))
      if (hub.random(30 + seed) === 0) {
        // the line was lost with all that was on its way; what is not in the answer comes after it
        past = [...past, ...waiting]
        const late = hub.random(2) === 0
        waiting = late ? waiting.slice(-3) : []
        follow(late)
      }
    }
    waiting.push(...hub.rest())
    const last = [...waiting, ...past.filter(() => hub.random(4) === 0), ...waiting]
    for (const told of last.map((one) => ({ one, at: hub.random(1000) })).sort((a, b) => a.at - b.at)) told.one(mine.told)
    await vi.advanceTimersByTimeAsync(20_000)
    const truth = fresh(hub)
    expect(view(mine).meeting).toEqual(truth.meeting)
    expect(view(mine).recording).toBe(truth.recording)
    expect(view(mine).log.slice(-500).map((one) => one.seq)).toEqual(truth.log.map((one) => one.seq))
  })

  it('changes what pages watch once a picture, however much comes', async () => {
    const one = page()
    one.told.settled(followed())
    const before = view(one)
    for (let seq = 10; seq < 200; seq += 1) {
      const who = joined(ref(`a_${String(seq)}`, VILLAGE, '坦渡村'))
      one.told.part({ ...EVENT, name: 'seats', seq, rows: { [who.id]: { ...who } } })
    }
    expect(view(one)).toBe(before)
    await vi.advanceTimersByTimeAsync(100)
    expect(view(one).meeting.joined).toBe(191)
    expect(view(one).meeting.orders).toBe(before.meeting.orders)
  })

  it('says whether a recording runs by the part alone', async () => {
    const one = page()
    one.told.settled(followed())
    expect(view(one).recording).toBe('r_1')
    one.told.part({ ...EVENT, name: 'recording', seq: 9, value: { running: null } })
    one.told.part({ ...EVENT, name: 'recording', seq: 8, value: { running: 'r_2' } })
    await vi.advanceTimersByTimeAsync(100)
    expect(view(one).recording).toBeNull()
  })

  it('drops what its reading has already, and takes what its documents have not', async () => {
    const one = page()
    const from = snapshot({ seq: 120, broadcast: 'a_1' })
    const answer = followed(from)
    one.told.settled({ ...answer, documents: { ...answer.documents, seq: 118 } })
    one.told.part({ ...EVENT, name: 'stage', seq: 120, value: { broadcast: null } })
    one.told.changed({ ...EVENT, what: 'order', id: 'o_1', seq: 118, value: order() })
    one.told.changed({ ...EVENT, what: 'order', id: 'o_2', seq: 119, value: order(undefined, { id: 'o_2' }) })
    await vi.advanceTimersByTimeAsync(100)
    expect(view(one).meeting.broadcast).toBe('a_1')
    expect(view(one).meeting.orders.map((each) => each.id)).toEqual(['o_2'])
  })

  it('reads an order that it does not know once, however many of its centers sign', async () => {
    const asked: string[][] = []
    const signed = order({ [VILLAGE]: 'signed', [TOWN]: 'signed' }, { state: 'signed' })
    read = (ids) => {
      asked.push([...ids])
      return Promise.resolve([signed])
    }
    const one = page()
    one.told.settled(followed())
    for (const [at, center] of [VILLAGE, TOWN].entries()) {
      const row = signed.targets[at]
      if (row !== undefined) one.told.changed({ ...EVENT, what: 'order', id: 'o_1', seq: 10 + at, rows: { [center]: row } })
    }
    await vi.advanceTimersByTimeAsync(1000)
    expect(asked).toEqual([['o_1']])
    expect(view(one).meeting.orders).toEqual([signed])
    expect(view(one).meeting.counts.orders).toBe(1)
  })

  describe('does not go back', () => {
    const row = (state: OrderState) => ({ [VILLAGE]: order({ [VILLAGE]: state }).targets[0] as OrderTarget })
    const told = (one: MeetingNow, seq: number, how: object): void => { one.told.changed({ ...EVENT, what: 'order', id: 'o_1', seq, ...how }) }
    const state = (one: MeetingNow) => view(one).meeting.orders[0]?.targets[0]?.state
    const stillIssued = order({ [VILLAGE]: 'issued' })
    const atSeq = (seq: number, orders: Order[]) => followed(snapshot({ seq, orders }))

    it('to a list that is older than what it was told since', () => {
      const one = page()
      one.told.settled(atSeq(100, []))
      told(one, 105, { value: order({ [VILLAGE]: 'signed' }) })
      one.told.settled(atSeq(104, []))
      expect(state(one)).toBe('signed')
      one.told.settled(atSeq(104, [stillIssued]))
      expect(state(one)).toBe('signed')
      one.told.settled(atSeq(106, []))
      expect(state(one)).toBeUndefined()
    })

    it('where a list and a row of it are of different times: it is read', async () => {
      const one = page()
      read = () => Promise.resolve([order({ [VILLAGE]: 'completed' })])
      one.told.settled(atSeq(100, [stillIssued]))
      told(one, 106, { rows: row('signed') })
      one.told.settled(atSeq(104, [stillIssued]))
      await vi.advanceTimersByTimeAsync(1000)
      expect(state(one)).toBe('completed')
    })

    it('where a row is newer than the whole that is told after it: it is read', async () => {
      const one = page()
      read = () => Promise.resolve([order({ [VILLAGE]: 'completed' })])
      one.told.settled(atSeq(100, [stillIssued]))
      told(one, 106, { rows: row('signed') })
      told(one, 105, { value: stillIssued })
      await vi.advanceTimersByTimeAsync(1000)
      expect(state(one)).toBe('completed')
    })

    it('to an answer that was on its way while something newer was told', async () => {
      const one = page()
      read = () => new Promise((resolve) => setTimeout(() => { resolve([stillIssued]) }, 500))
      one.told.settled(atSeq(100, []))
      told(one, 101, {})
      await vi.advanceTimersByTimeAsync(300)
      told(one, 102, { value: order({ [VILLAGE]: 'signed' }) })
      await vi.advanceTimersByTimeAsync(5000)
      expect(state(one)).toBe('signed')
    })

    it('to what is no more', async () => {
      const one = page()
      one.told.settled(atSeq(100, [stillIssued]))
      read = () => Promise.resolve([])
      told(one, 105, {})
      await vi.advanceTimersByTimeAsync(1000)
      told(one, 104, { value: stillIssued })
      told(one, 103, { rows: row('signed') })
      await vi.advanceTimersByTimeAsync(5000)
      expect(view(one).meeting.orders).toEqual([])
    })
  })

  it('asks again when the hub did not answer, and no more when it says no', async () => {
    const asked = vi.fn()
    const one = page()
    one.told.settled(followed())
    read = () => {
      asked()
      return asked.mock.calls.length < 3 ? Promise.reject(new Unreachable('away')) : Promise.reject(new Refused('forbidden', 'no'))
    }
    one.told.changed({ ...EVENT, what: 'order', id: 'o_1', seq: 9 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveBeenCalledTimes(3)
  })

  it('has the meeting told anew for a document that only says that it changed', () => {
    const one = page()
    again = vi.fn()
    one.told.settled(followed())
    one.told.changed({ ...EVENT, what: 'report', id: 'e_1', seq: 9 })
    expect(again).toHaveBeenCalledOnce()
  })

  it('is read anew by a desk when it ends; nothing runs from then on and nobody is on the stage', async () => {
    const desk = page()
    again = vi.fn()
    desk.told.settled(followed(snapshot({ broadcast: 'a_leader' })))
    const ended = { ...EVENT, name: 'meeting', seq: 9, value: { state: 'ended', ended_at: '2026-11-23T09:00:00.000000Z', chair: null } }
    desk.told.part(ended)
    await vi.advanceTimersByTimeAsync(100)
    desk.told.part(ended)
    expect(again).toHaveBeenCalledOnce()
    expect([view(desk).meeting.state, view(desk).recording, view(desk).meeting.broadcast]).toEqual(['ended', null, null])
    const station = page()
    station.told.settled(followed(snapshot({ centers: [] })))
    station.told.part(ended)
    expect(again).toHaveBeenCalledOnce()
  })

  it('goes on from where a hub stands that was put back to an older state', async () => {
    const one = page()
    one.told.settled(followed(snapshot({ seq: 90, orders: [order()] })))
    one.told.part({ ...EVENT, name: 'stage', seq: 95, value: { broadcast: 'a_1' } })
    one.told.settled(followed(snapshot({ seq: 50 })))
    expect(view(one).meeting).toMatchObject({ orders: [], broadcast: null })
    one.told.part({ ...EVENT, name: 'stage', seq: 51, value: { broadcast: 'a_2' } })
    await vi.advanceTimersByTimeAsync(100)
    expect(view(one).meeting.broadcast).toBe('a_2')
  })

  it('tells what one may do now', () => {
    const one = page()
    one.told.settled(followed(snapshot(), { can: ['meeting.control'] }))
    expect([...one.can.value]).toEqual(['meeting.control'])
    one.told.can({ ...EVENT, can: ['meeting.minute'] })
    expect([...one.can.value]).toEqual(['meeting.minute'])
  })

  it('is not disturbed by parts and documents that it does not know', async () => {
    const one = page()
    one.told.settled(followed())
    one.told.part({ ...EVENT, name: 'floor', seq: 9, value: { speaker: 'a_1' } })
    one.told.changed({ ...EVENT, what: 'incident' as ChangedEvent['what'], id: 'i_1', seq: 9 })
    one.told.entry({ seq: 9, kind: 'floor.granted', meeting: 'm_1' } as unknown as Entry)
    await vi.advanceTimersByTimeAsync(100)
    expect(view(one).meeting).toEqual({ ...snapshot(), seq: 0 })
  })
})
