/** Orders, calls, devices and levels of a station, as plain values. */
import { describe, expect, it } from 'vitest'

import { applyCall, autoAnswerSeconds, callFrom, nextStep, secondsLeft, type Call } from '@/pages/station/calls'
import { capture, captureOne, stateOfFailure, type Devices } from '@/state/capture/devices'
import { barOf, loudnessDb, SilenceWatch } from '@/pages/station/meter'
import {
  apply,
  type Desk,
  EMPTY_DESK,
  greeted,
  type Orders,
  ordersFrom,
  withHistory,
} from '@/pages/station/orders'
import { dueOf, inOrderOfAttention, ownTarget } from '@/parts/ownOrders'
import type { Account, Entry, Order } from '@/protocol/types'

import { at, entry, ENTRIES, LEADER, SNAPSHOT, VILLAGE } from '../archive/record'

const ME = VILLAGE.center
const NOW = Date.parse(at(0))

function bySeq(seq: number): Entry {
  const found = ENTRIES.find((each) => each.seq === seq)
  if (!found) throw new Error(`no entry ${String(seq)}`)
  return found
}

function only(orders: Orders): Order {
  const [order] = orders.values()
  if (!order) throw new Error('no order')
  return order
}

describe('orders', () => {
  const after = (...entries: Entry[]): Desk => entries.reduce((desk, each) => apply(desk, each, ME), EMPTY_DESK)

  it('go from issued over signed and progress to completed', () => {
    let desk = after(bySeq(5))
    expect(ownTarget(only(desk.orders), ME)?.state).toBe('issued')
    desk = apply(desk, bySeq(6), ME)
    expect(ownTarget(only(desk.orders), ME)).toMatchObject({ state: 'signed', signed_by: '李某', signed_at: at(50_000) })
    const progress = entry(7, 60_000, VILLAGE, {
      kind: 'order.progressed',
      data: { order: 'o_1', center: ME, name: '坦渡村', account_name: '李某', text: '已到岗', percent: 40 },
    })
    desk = apply(apply(desk, progress, ME), progress, ME)
    expect(ownTarget(only(desk.orders), ME)).toMatchObject({ state: 'in_progress', percent: 40 })
    expect(ownTarget(only(desk.orders), ME)?.progress).toHaveLength(1)
    desk = apply(desk, bySeq(12), ME)
    expect(only(desk.orders).state).toBe('completed')
  })

  it('that were completed are there again after a reload, and what is known stays as it is', () => {
    const completed = only(after(bySeq(5), bySeq(12)).orders)
    const open = only(after(bySeq(5)).orders)
    expect(ownTarget(only(withHistory(EMPTY_DESK, [completed], ME).orders), ME)?.state).toBe('completed')
    expect(withHistory(EMPTY_DESK, [open], ME).orders.size).toBe(0)
    const signed = after(bySeq(5), bySeq(6))
    expect(withHistory(signed, [completed], ME)).toEqual(signed)
  })

  it('never go back when an old entry comes again', () => {
    const desk = after(bySeq(5), bySeq(12), bySeq(5), bySeq(6), bySeq(12))
    expect(ownTarget(only(desk.orders), ME)?.state).toBe('completed')
  })

  it('of other centers are none of ours', () => {
    expect(apply(EMPTY_DESK, bySeq(5), '430682115211').orders.size).toBe(0)
    const theirs = only(after(bySeq(5)).orders)
    expect(ordersFrom([theirs], '430682115211').size).toBe(0)
  })

  it('missing in a fresh greeting were completed meanwhile, and stay visible', () => {
    const desk = greeted(after(bySeq(5)), [], 40, ME)
    expect(ownTarget(only(desk.orders), ME)?.state).toBe('completed')
    expect(apply(desk, bySeq(6), ME)).toBe(desk)
  })

  it('come signed with the greeting after a reload', () => {
    const signed = only(after(bySeq(5), bySeq(6)).orders)
    expect(ownTarget(only(greeted(EMPTY_DESK, [signed], 6, ME).orders), ME)?.state).toBe('signed')
  })

  it('stand in the order in which they want attention', () => {
    const base = only(after(bySeq(5)).orders)
    const make = (id: string, more: Partial<Order>, state: Order['state'] = 'issued'): [string, Order] => [
      id,
      { ...base, id, priority: 'normal', ...more, targets: base.targets.map((target) => ({ ...target, state })) },
    ]
    const orders: Orders = new Map([
      make('done', { priority: 'critical' }, 'completed'),
      make('plain', {}),
      make('due', { due: at(1000) }),
      make('critical', { priority: 'critical' }),
      make('signed', { priority: 'critical' }, 'signed'),
    ])
    expect(inOrderOfAttention([...orders.values()], ME).map((order) => order.id)).toEqual(['critical', 'due', 'plain', 'signed', 'done'])
  })

  it('say when they are due', () => {
    const base = only(after(bySeq(5)).orders)
    const due = (ms: number) => dueOf({ ...base, due: at(ms) }, ME, NOW)
    expect([due(-1), due(60_000), due(2 * 3_600_000), dueOf(base, ME, NOW)]).toEqual(['overdue', 'soon', 'later', 'none'])
  })
})

describe('calls', () => {
  const account: Account = {
    id: VILLAGE.id,
    username: 'tandu',
    name: VILLAGE.name,
    role: 'station',
    center: { code: ME, name: '坦渡村', level: 'village', parent: null, path: ['岳阳市', '坦渡村'] },
  }
  const none: readonly Call[] = []

  it('come with meeting.opened, once, and go with meeting.ended', () => {
    const calls = applyCall(applyCall(none, bySeq(1), account), bySeq(1), account)
    expect(calls).toEqual([callFrom({ ...SNAPSHOT, state: 'open', called: SNAPSHOT.centers.length, recording_state: null, recording_reason: null, opened_at: at(0) })])
    expect(applyCall(calls, bySeq(9), account)).toEqual([])
  })

  it('are not ours when our center is not called', () => {
    const other = { ...account, id: 'a_x', center: { ...account.center, code: '430682115299' } }
    expect(applyCall(none, bySeq(1), other)).toEqual([])
  })

  it('end for who was removed', () => {
    const calls = applyCall(none, bySeq(1), account)
    const removed = (participant: string) =>
      entry(10, 1, LEADER, { kind: 'participant.removed', data: { participant, reason: '' } })
    expect(applyCall(calls, removed('a_other'), account)).toHaveLength(1)
    expect(applyCall(calls, removed(VILLAGE.id), account)).toEqual([])
  })

  it('ring, unless one was in it already or silenced it', () => {
    const [call] = applyCall(none, bySeq(1), account)
    if (!call) throw new Error('no call')
    expect(nextStep([call], { joined: null, silenced: [] })).toEqual({ do: 'ring', call })
    expect(nextStep([call], { joined: 'm_1', silenced: [] })).toEqual({ do: 'rejoin', call })
    expect(nextStep([call], { joined: null, silenced: ['m_1'] })).toEqual({ do: 'wait' })
    expect(nextStep([call], { joined: 'm_gone', silenced: [] })).toEqual({ do: 'ring', call })
  })

  it('are silent while the account is in them from another machine, and say whether they are recorded', () => {
    const [call] = applyCall(none, bySeq(1), account)
    if (!call) throw new Error('no call')
    expect(nextStep([call], { joined: null, silenced: [] }, new Set(['m_1']))).toEqual({ do: 'wait' })
    expect(nextStep([call], { joined: 'm_1', silenced: [] }, new Set(['m_1']))).toEqual({ do: 'rejoin', call })
    const opened = bySeq(1)
    if (opened.kind !== 'meeting.opened') throw new Error('another entry')
    for (const record of [true, false]) {
      const [one] = applyCall(none, { ...opened, data: { ...opened.data, record } }, account)
      expect(one?.recorded).toBe(record)
    }
  })

  it('answer themselves after the set time', () => {
    expect(['0', '5', null, 'x', '7'].map(autoAnswerSeconds)).toEqual([0, 5, 15, 15, 15])
    expect(secondsLeft(1_000, 1_000, 15)).toBe(15)
    expect(secondsLeft(1_000, 15_500, 15)).toBe(1)
    expect(secondsLeft(1_000, 99_000, 15)).toBe(0)
    expect(secondsLeft(1_000, 99_000, 0)).toBeNull()
  })
})

/** Devices that exist, are refused or are busy, by kind. */
function devices(video: string | null, audio: string | null): Devices & { asked: MediaStreamConstraints[] } {
  const asked: MediaStreamConstraints[] = []
  const track = (kind: string): MediaStreamTrack => ({ kind, stop: () => undefined }) as unknown as MediaStreamTrack
  return {
    asked,
    enumerateDevices: () => Promise.resolve([]),
    getUserMedia(constraints) {
      asked.push(constraints)
      for (const [wanted, failure] of [
        [constraints.video, video],
        [constraints.audio, audio],
      ] as const)
        if (wanted && failure) return Promise.reject(Object.assign(new Error(failure), { name: failure }))
      const of = (wanted: unknown, kind: string) => (wanted ? [track(kind)] : [])
      const stream = {
        getVideoTracks: () => of(constraints.video, 'video'),
        getAudioTracks: () => of(constraints.audio, 'audio'),
        getTracks: () => [],
      }
      return Promise.resolve(stream as unknown as MediaStream)
    },
  }
}

describe('capture', () => {
  const any = { camera: null, microphone: null }

  it('asks once when both can be had', async () => {
    const both = devices(null, null)
    expect(await capture(both, any)).toMatchObject({ camera: 'on', microphone: 'on' })
    expect(both.asked).toHaveLength(1)
  })

  it('keeps the microphone when the camera is busy, missing or refused', async () => {
    for (const [failure, state] of [
      ['NotReadableError', 'busy'],
      ['NotFoundError', 'none'],
      ['NotAllowedError', 'denied'],
    ] as const) {
      const got = await capture(devices(failure, null), any)
      expect([got.camera, got.microphone, got.audio !== null, got.video]).toEqual([state, 'on', true, null])
    }
  })

  it('joins with neither', async () => {
    const got = await capture(devices('NotFoundError', 'NotFoundError'), any)
    expect(got).toEqual({ video: null, audio: null, camera: 'none', microphone: 'none' })
    expect(await capture(null, any)).toMatchObject({ camera: 'failed', microphone: 'failed' })
  })

  it('takes another device when the chosen one was unplugged', async () => {
    const gone: Devices = {
      ...devices(null, null),
      getUserMedia: (constraints) => {
        const exact = JSON.stringify(constraints).includes('exact')
        return exact
          ? Promise.reject(Object.assign(new Error('gone'), { name: 'OverconstrainedError' }))
          : devices(null, null).getUserMedia(constraints)
      },
    }
    expect((await captureOne(gone, 'video', 'cam-7')).state).toBe('on')
  })

  it('has a word for every failure', () => {
    expect(stateOfFailure('strange')).toBe('failed')
    expect(stateOfFailure(Object.assign(new Error(''), { name: 'AbortError' }))).toBe('busy')
  })
})

describe('levels', () => {
  it('are measured in dB of full scale', () => {
    expect(loudnessDb(new Float32Array(8))).toBe(-Infinity)
    expect(loudnessDb(new Float32Array(8).fill(1))).toBeCloseTo(0)
    expect(loudnessDb(new Float32Array(8).fill(0.1))).toBeCloseTo(-20)
    expect([barOf(-Infinity), barOf(-100), barOf(0)]).toEqual([0, 0, 1])
  })

  it('tell a silent microphone only after some seconds, and forget it at the first sound', () => {
    const watch = new SilenceWatch()
    expect([0, 3_000, 6_000].map((now) => watch.heard(-Infinity, now))).toEqual([false, false, true])
    expect(watch.heard(-50, 6_100)).toBe(false)
    expect(watch.heard(-Infinity, 12_000)).toBe(false)
  })
})
