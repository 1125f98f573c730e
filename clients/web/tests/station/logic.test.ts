/** Orders, calls, devices and levels of a station, as plain values. */
import { describe, expect, it } from 'vitest'

import { callFrom, nextStep, secondsLeft } from '@/pages/station/calls'
import { answerChoices } from '@/parts/answering'
import { capture, captureOne, stateOfFailure, type Devices } from '@/state/capture/devices'
import { barOf, loudnessDb, SilenceWatch } from '@/state/capture/meter'
import { dueOf, inOrderOfAttention } from '@/parts/ownOrders'
import type { OpenCall, Order } from '@/protocol/types'

import { at, SNAPSHOT, VILLAGE } from '../archive/record'
import { order as anOrder } from '../support/examples'

const ME = VILLAGE.center
const NOW = Date.parse(at(0))

describe('orders', () => {
  const base = anOrder({ [ME]: 'issued' })

  it('stand in the order in which they want attention', () => {
    const make = (id: string, more: Partial<Order>, state: Order['state'] = 'issued'): Order => anOrder({ [ME]: state }, { id, ...more })
    const orders = [
      make('done', { priority: 'critical' }, 'completed'),
      make('plain', {}),
      make('due', { due: at(1000) }),
      make('critical', { priority: 'critical' }),
      make('signed', { priority: 'critical' }, 'signed'),
    ]
    expect(inOrderOfAttention(orders, ME).map((order) => order.id)).toEqual(['critical', 'due', 'plain', 'signed', 'done'])
  })

  it('say when they are due', () => {
    const due = (ms: number) => dueOf({ ...base, due: at(ms) }, ME, NOW)
    expect([due(-1), due(60_000), due(2 * 3_600_000), dueOf(base, ME, NOW)]).toEqual(['overdue', 'soon', 'later', 'none'])
  })
})

describe('calls', () => {
  const told: OpenCall = { ...SNAPSHOT, called: 2, rung_at: SNAPSHOT.opened_at, declined: null, recording_state: null, recording_reason: null }
  const call = callFrom(told)

  it('ring, unless one was in it already or silenced it', () => {
    const silenced = { m_1: call.rungAt }
    expect(nextStep([call], { joined: null, silenced: {} })).toEqual({ do: 'ring', call })
    expect(nextStep([call], { joined: 'm_1', silenced: {} })).toEqual({ do: 'rejoin', call })
    expect(nextStep([call], { joined: null, silenced })).toEqual({ do: 'wait' })
    expect(nextStep([call], { joined: 'm_gone', silenced: {} })).toEqual({ do: 'ring', call })
    // called again: what was silenced was the ring before
    const again = callFrom({ ...told, rung_at: at(60_000) })
    expect(nextStep([again], { joined: null, silenced })).toEqual({ do: 'ring', call: again })
  })

  it('are silent once the center declined, on whichever of its pages', () => {
    const declined = callFrom({ ...told, declined: 'unattended' })
    expect(nextStep([declined], { joined: null, silenced: {} })).toEqual({ do: 'wait' })
    expect(nextStep([declined], { joined: 'm_1', silenced: {} })).toEqual({ do: 'rejoin', call: declined })
  })

  it('are silent while the account is in them from another machine, and say whether they are recorded', () => {
    expect(nextStep([call], { joined: null, silenced: {} }, new Set(['m_1']))).toEqual({ do: 'wait' })
    expect(nextStep([call], { joined: 'm_1', silenced: {} }, new Set(['m_1']))).toEqual({ do: 'rejoin', call })
    expect([call.recorded, callFrom({ ...told, recording: null }).recorded]).toEqual([true, false])
  })

  it('answer themselves after the set time', () => {
    expect([answerChoices(15), answerChoices(40)]).toEqual([[0, 5, 15, 30, 60], [0, 5, 15, 30, 40, 60]])
    expect(secondsLeft(1_000, 1_000, 15)).toBe(15)
    expect(secondsLeft(1_000, 400, 15)).toBe(15)
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
