// @vitest-environment jsdom
/** A leader or dispatcher at the console: silent and unseen until a key says otherwise, and as long as it says so. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type EffectScope, effectScope } from 'vue'

import { type OwnVoice, useOwnVoice } from '@/pages/console/ownVoice'
import { usePushToTalk } from '@/pages/console/pushToTalk'
import { type Capture, useCapture } from '@/state/capture/useCapture'

import { FakeDevices } from '../support/fakeDevices'

const CAMERA = { kind: 'video', id: 'camera' } as const
const HEADSET = { kind: 'audio', id: 'headset' } as const
let scope: EffectScope

function desk(devices = new FakeDevices(CAMERA, HEADSET)): { devices: FakeDevices; capture: Capture; own: OwnVoice } {
  return scope.run(() => {
    const capture = useCapture({ devices, picture: 'console' })
    const own = useOwnVoice(capture)
    usePushToTalk(own)
    return { devices, capture, own }
  }) as { devices: FakeDevices; capture: Capture; own: OwnVoice }
}
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
}
function press(type: 'keydown' | 'keyup', on: EventTarget = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent(type, { key: ' ', code: 'Space', bubbles: true, cancelable: true, ...more })
  on.dispatchEvent(event)
  return event
}
/** What is really captured and let through now. */
const goesOut = (devices: FakeDevices) => ({
  sound: devices.live('audio')?.enabled === true,
  picture: devices.live('video')?.enabled === true,
})

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal(
    'MediaStream',
    class {
      constructor(readonly tracks: unknown[]) {}
    },
  )
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('entering a meeting', () => {
  it('asks for no device, and tells that both are off', async () => {
    const { devices, capture, own } = desk()
    await pass(60_000)
    expect(devices.asked).toEqual({ video: 0, audio: 0 })
    expect(capture.told.value).toEqual({ camera: 'off', microphone: 'off' })
    expect([own.heard.value, own.seen.value]).toEqual([false, false])
  })

  it('opens what a key asks for and nothing more', async () => {
    const { devices, own } = desk()
    own.toggleMicrophone()
    await pass(10)
    expect(devices.asked).toEqual({ video: 0, audio: 1 })
    expect(goesOut(devices)).toEqual({ sound: true, picture: false })
    own.toggleCamera()
    own.toggleMicrophone()
    await pass(10)
    expect(goesOut(devices)).toEqual({ sound: false, picture: true })
  })

  it('opens both when the second key is pressed while the first still asks', async () => {
    const { devices, own } = desk()
    own.toggleCamera()
    own.toggleMicrophone()
    await pass(10)
    expect(goesOut(devices)).toEqual({ sound: true, picture: true })
  })
})

describe('the camera switched off', () => {
  it('is black at once, and then let go, so that its lamp goes out', async () => {
    const { devices, capture, own } = desk()
    own.toggleCamera()
    await pass(10)
    const camera = devices.live('video')
    own.toggleCamera()
    expect(camera?.enabled).toBe(false)
    expect(camera?.readyState).toBe('live')
    await pass(2_000)
    expect(camera?.readyState).toBe('ended')
    expect(capture.told.value.camera).toBe('off')
    own.toggleCamera()
    await pass(10)
    expect(goesOut(devices).picture).toBe(true)
  })
})

describe('push to talk', () => {
  it('is heard while the space bar is held, and silent when it is let go', async () => {
    const { devices, own } = desk()
    expect(press('keydown').defaultPrevented).toBe(true)
    await pass(10)
    expect([own.held.value, own.heard.value, goesOut(devices).sound]).toEqual([true, true, true])
    press('keydown', document.body, { repeat: true })
    press('keyup')
    expect([own.held.value, own.heard.value, goesOut(devices).sound]).toEqual([false, false, false])
    press('keydown')
    expect(goesOut(devices).sound).toBe(true)
    press('keyup')
  })

  it.each([
    ['another window has the focus', () => window.dispatchEvent(new Event('blur'))],
    ['the page goes away', () => window.dispatchEvent(new Event('pagehide'))],
  ])('is silent when %s, though no key-up comes', async (_, happens) => {
    const { devices, own } = desk()
    press('keydown')
    await pass(10)
    happens()
    expect([own.held.value, goesOut(devices).sound]).toEqual([false, false])
  })

  it('let go before the microphone is there stays silent when it comes', async () => {
    const { devices, own } = desk()
    press('keydown')
    press('keyup')
    await pass(10)
    expect(devices.asked.audio).toBe(1)
    expect([own.heard.value, goesOut(devices).sound]).toEqual([false, false])
  })

  it('is no space bar in a field, or in a question', async () => {
    const { own } = desk()
    document.body.innerHTML = '<textarea></textarea><input type="checkbox"><dialog><button>x</button></dialog><button id="key">y</button>'
    for (const field of ['textarea', 'input', 'dialog button']) {
      expect(press('keydown', document.querySelector(field) as Element).defaultPrevented).toBe(false)
      expect(own.held.value).toBe(false)
    }
    // a key that still has the focus of the last click is not pressed again by talking
    expect(press('keydown', document.querySelector('#key') as Element).defaultPrevented).toBe(true)
    expect(own.held.value).toBe(true)
    expect(press('keyup', document.querySelector('#key') as Element).defaultPrevented).toBe(true)
    await pass(10)
  })

  it('leaves a microphone open that was open before', async () => {
    const { devices, own } = desk()
    own.toggleMicrophone()
    await pass(10)
    press('keydown')
    press('keyup')
    expect(goesOut(devices).sound).toBe(true)
  })
})

describe('a device that is lost in a call', () => {
  it('is told, asked for again, and said in words with a key to try again', async () => {
    const { devices, capture, own } = desk()
    own.toggleMicrophone()
    own.toggleCamera()
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    expect(own.trouble.value).toEqual({ camera: null, microphone: 'none' })
    expect(capture.told.value.microphone).toBe('none')
    expect(capture.lost.value.microphone).toBe(true)
    devices.plug(HEADSET)
    await pass(300)
    expect(own.trouble.value).toEqual({ camera: null, microphone: null })
    expect(own.heard.value).toBe(true)
  })

  it('is not asked for any longer when nobody wants it', async () => {
    const { devices, own } = desk()
    own.toggleMicrophone()
    await pass(10_000)
    devices.pull('headset')
    await pass(300)
    own.toggleMicrophone()
    const { audio } = devices.asked
    await pass(120_000)
    expect(devices.asked.audio).toBe(audio)
  })

  it('is asked for by hand after a no', async () => {
    const devices = new FakeDevices({ ...CAMERA, trouble: 'NotAllowedError' }, HEADSET)
    const { own } = desk(devices)
    own.toggleCamera()
    await pass(10)
    expect(own.trouble.value.camera).toBe('denied')
    devices.trouble('camera')
    own.retry()
    await pass(10)
    expect(own.seen.value).toBe(true)
  })
})
