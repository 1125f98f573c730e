// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'

import { Publisher } from '@/protocol/whip'
import { waitBefore } from '@/state/capture/keeper'
import { type Capture, useCapture } from '@/state/capture/useCapture'
import { useSending } from '@/state/capture/useSending'

import type { FakeTrack } from '../support/fakeDevices';
import { FakeDevices } from '../support/fakeDevices'
import { FakeDoor } from '../support/fakeMedia'

const CAMERA = { kind: 'video', id: 'camera' } as const
const SECOND = { kind: 'video', id: 'second' } as const
const HEADSET = { kind: 'audio', id: 'headset' } as const
const BUILT_IN = { kind: 'audio', id: 'built-in' } as const

function stand(devices: FakeDevices, chosen: { camera: string | null; microphone: string | null } = { camera: null, microphone: null }) {
  const choice = ref(chosen)
  const scope = effectScope()
  const capture = scope.run(() => useCapture({ devices, choice: () => choice.value })) as Capture
  return { capture, choice, scope }
}
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}
const words = (capture: Capture): string[] => [capture.camera.value, capture.microphone.value]

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal(
    'MediaStream',
    class {
      constructor(readonly tracks: unknown[]) {}
    },
  )
  vi.stubGlobal('RTCRtpSender', { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }, { mimeType: 'audio/opus' }] }) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a device that goes away', () => {
  it('is asked for at once, and taken again when it is there', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { capture } = stand(devices)
    await capture.take()
    expect(words(capture)).toEqual(['on', 'on'])
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    expect([capture.microphone.value, capture.lost.value.microphone]).toEqual(['none', true])
    expect(capture.audio.value).toBeNull()
    expect(capture.camera.value).toBe('on')
    await pass(60_000)
    devices.plug(HEADSET)
    await pass(300)
    expect([capture.microphone.value, capture.lost.value.microphone]).toEqual(['on', false])
    expect(capture.audio.value).toBe(devices.live('audio'))
  })

  it('is replaced by another one of its kind, and comes back when it was chosen', async () => {
    const devices = new FakeDevices(BUILT_IN, HEADSET)
    const { capture } = stand(devices, { camera: null, microphone: 'headset' })
    await capture.take(['audio'])
    expect(devices.live('audio')?.deviceId).toBe('headset')
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    expect([capture.microphone.value, devices.live('audio')?.deviceId]).toEqual(['on', 'built-in'])
    devices.plug(HEADSET)
    await pass(300)
    expect([capture.microphone.value, devices.live('audio')?.deviceId]).toEqual(['on', 'headset'])
    expect(devices.tracks.filter((one) => one.readyState === 'live')).toHaveLength(1)
  })

  it('is noticed where the system lists it no longer but ends no track', async () => {
    const devices = new FakeDevices(CAMERA, SECOND)
    devices.ends = false
    const { capture } = stand(devices)
    await capture.take(['video'])
    devices.pull('camera')
    await pass(300)
    expect(devices.live('video')?.deviceId).toBe('second')
    expect(devices.tracks[0]?.readyState).toBe('ended')
  })

  it('is asked for by the clock for a while, ever more seldom, and by hand at any time', async () => {
    const devices = new FakeDevices(CAMERA)
    const { capture } = stand(devices)
    await capture.take(['video'])
    await pass(10_000)
    devices.trouble('camera', 'NotReadableError')
    devices.live('video')?.end()
    await pass(8_000)
    expect(capture.camera.value).toBe('busy')
    const soon = devices.asked.video
    expect(soon).toBeGreaterThanOrEqual(5)
    await pass(1_200_000)
    const late = devices.asked.video
    expect(late).toBeLessThan(60)
    await pass(600_000)
    expect(devices.asked.video).toBe(late)
    devices.trouble('camera')
    await capture.retry()
    expect([capture.camera.value, capture.lost.value.camera]).toEqual(['on', false])
  })

  it('is not asked for again where a person said no', async () => {
    const devices = new FakeDevices(CAMERA)
    const { capture } = stand(devices)
    await capture.take(['video'])
    await pass(10_000)
    devices.trouble('camera', 'NotAllowedError')
    devices.live('video')?.end()
    await pass(1)
    const asked = devices.asked.video
    expect([capture.camera.value, capture.lost.value.camera]).toEqual(['denied', false])
    await pass(600_000)
    expect(devices.asked.video).toBe(asked)
  })

  it('that flaps does not turn the page into a storm of questions', async () => {
    const devices = new FakeDevices(CAMERA)
    const { capture } = stand(devices)
    await capture.take(['video'])
    const flap = setInterval(() => devices.live('video')?.end(), 20)
    await pass(30_000)
    clearInterval(flap)
    expect(devices.asked.video).toBeLessThan(12)
  })
})

describe('a device that gives nothing (sleep, another program, a telephone call)', () => {
  it('is called failed after a moment, and fine when it gives again', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { capture } = stand(devices)
    await capture.take()
    const track = devices.live('audio') as FakeTrack
    track.mute()
    await pass(500)
    expect(capture.microphone.value).toBe('on')
    await pass(2_000)
    expect([capture.microphone.value, capture.lost.value.microphone]).toEqual(['failed', true])
    track.unmute()
    expect([capture.microphone.value, capture.audio.value]).toEqual(['on', track])
  })

  it('is let go and taken anew when that lasts', async () => {
    const devices = new FakeDevices(CAMERA)
    const { capture } = stand(devices)
    await capture.take(['video'])
    const track = devices.live('video') as FakeTrack
    track.mute()
    await pass(8_000)
    expect(track.readyState).toBe('ended')
    expect(capture.camera.value).toBe('on')
    expect(capture.video.value).toBe(devices.live('video'))
  })

  it('is looked at when the page wakes, though no event came', async () => {
    const devices = new FakeDevices(CAMERA)
    const { capture } = stand(devices)
    await capture.take(['video'])
    devices.live('video')?.stop()
    document.dispatchEvent(new Event('visibilitychange'))
    await pass(10)
    expect(capture.video.value).toBe(devices.live('video'))
    expect(capture.camera.value).toBe('on')
  })
})

describe('what is captured', () => {
  it('stops in the same tick when it is let go, also what arrives later', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { capture } = stand(devices)
    const taking = capture.take()
    capture.letGo()
    await taking
    await pass(60_000)
    expect(devices.tracks.every((one) => one.readyState === 'ended')).toBe(true)
    await capture.take()
    capture.letGo()
    expect(devices.tracks.every((one) => one.readyState === 'ended')).toBe(true)
    expect(words(capture)).toEqual(['off', 'off'])
  })

  it('stays switched off over a device that comes back, and others are told so', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { capture } = stand(devices)
    await capture.take()
    capture.enable('audio', false)
    expect(capture.told.value).toEqual({ camera: 'on', microphone: 'off' })
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    expect(capture.told.value.microphone).toBe('none')
    devices.plug(HEADSET)
    await pass(300)
    expect(devices.live('audio')?.enabled).toBe(false)
    expect(capture.told.value.microphone).toBe('off')
  })
})

describe('sending what is captured', () => {
  async function call(devices: FakeDevices) {
    const door = new FakeDoor()
    const { capture, scope } = stand(devices)
    const sending = scope.run(() => useSending(capture, new Publisher('m_1', door.parts)))
    if (sending === undefined) throw new Error('nothing sends')
    await capture.take()
    await pass(5)
    door.peer.turn('connected')
    return { door, capture, sending, posts: () => door.asked.filter((one) => one.method === 'POST').length }
  }

  it('puts the new track in the place of the lost one, in the same session', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET, BUILT_IN)
    const { door, capture, sending, posts } = await call(devices)
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    expect(posts()).toBe(1)
    expect(sending.state.value).toBe('connected')
    expect(door.peer.senders[0]?.track).toBe(capture.audio.value)
    expect(capture.audio.value).toBe(devices.live('audio'))
  })

  it('ends the session when nothing is left to send, and begins anew when something is', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { door, sending, posts } = await call(devices)
    await pass(10_000)
    devices.pull('headset')
    devices.pull('camera')
    await pass(1_000)
    expect(sending.state.value).toBe('connected')
    await pass(4_000)
    expect(sending.state.value).toBe('stopped')
    expect(door.asked.at(-1)?.method).toBe('DELETE')
    devices.plug(CAMERA)
    await pass(500)
    expect(posts()).toBe(2)
  })

  it('does not take the call back from another page because a device changed', async () => {
    const devices = new FakeDevices(CAMERA, HEADSET)
    const { sending, posts } = await call(devices)
    sending.closed({ meeting: 'm_1', kind: 'closed', session: 's_1', reason: 'replaced' })
    expect([sending.state.value, sending.elsewhere.value]).toEqual(['stopped', true])
    devices.pull('headset')
    devices.plug(HEADSET)
    await pass(20_000)
    expect(posts()).toBe(1)
    sending.resume()
    await pass(5)
    expect(posts()).toBe(2)
    expect(sending.elsewhere.value).toBe(false)
  })
})

it('waits longer from try to try, and not for ever', () => {
  const waits = Array.from({ length: 60 }, (_, attempt) => waitBefore(attempt))
  expect(waits[0]).toBe(0)
  const asked = waits.filter((one) => one !== null)
  expect([...asked].sort((a, b) => a - b)).toEqual(asked)
  expect(asked.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(500_000)
  expect(waits.at(-1)).toBeNull()
})
