// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'

import { makeI18n, speakIn } from '@/i18n'
import SessionEnded from '@/parts/SessionEnded.vue'
import { Api } from '@/protocol/api'
import { HubSocket } from '@/protocol/socket'
import { Publisher } from '@/protocol/whip'
import { type Capture, useCapture } from '@/state/capture/useCapture'
import { useSending } from '@/state/capture/useSending'
import { makeSession } from '@/state/session'
import { sessionEnd, sessionEndRead, sessionEnds } from '@/state/sessionEnd'
import { useSessionWatch } from '@/state/sessionWatch'

import { LEADER } from '../support/examples'
import { FakeDevices } from '../support/fakeDevices'
import { FakeHub } from '../support/fakeHub'
import { FakeDoor } from '../support/fakeMedia'

async function signedIn() {
  const session = makeSession(new Api(() => Promise.resolve(new Response(JSON.stringify({ account: LEADER, last_sign_in: null })))))
  await session.resume()
  return session
}

beforeEach(() => {
  vi.stubGlobal(
    'MediaStream',
    class {
      constructor(readonly tracks: unknown[]) {}
    },
  )
  vi.stubGlobal('RTCRtpSender', { getCapabilities: () => ({ codecs: [{ mimeType: 'audio/opus' }] }) })
})
afterEach(() => {
  sessionEndRead()
  vi.unstubAllGlobals()
})

describe('when the session ends', () => {
  it.each([
    ['the hub says so', (hub: FakeHub) => hub.tell('session_ended', { reason: 'disabled' }), 'disabled'],
    ['the hub turns the connection away', (hub: FakeHub) => hub.turnAway('unauthenticated'), 'unknown'],
    ['a newer hub names a reason of its own', (hub: FakeHub) => hub.tell('session_ended', { reason: 'eclipse' }), 'unknown'],
  ])('because %s: nothing is captured or sent in the same tick, and why is said', async (_why, happens, reason) => {
    const session = await signedIn()
    const hub = new FakeHub()
    const socket = new HubSocket(hub.wire)
    socket.on('ended', sessionEnds)
    socket.open()
    const devices = new FakeDevices({ kind: 'audio', id: 'mic' }, { kind: 'video', id: 'cam' })
    const door = new FakeDoor()
    const scope = effectScope()
    await scope.run(async () => {
      const capture: Capture = useCapture({ devices })
      useSending(capture, new Publisher('m_1', door.parts))
      await capture.take()
    })
    await vi.waitFor(() => expect(door.peer.remote).toHaveLength(1))
    expect(devices.tracks.every((one) => one.readyState === 'live')).toBe(true)

    happens(hub)

    expect(devices.tracks.every((one) => one.readyState === 'ended')).toBe(true)
    expect(door.peer.closed).toBe(true)
    expect(sessionEnd.value).toBe(reason)
    expect(session.account.value).toBeUndefined()
    expect(hub.up).toBe(false)
    scope.stop()
  })

  it('takes nothing any more, whoever asks', async () => {
    await signedIn()
    const devices = new FakeDevices({ kind: 'audio', id: 'mic' })
    const scope = effectScope()
    const capture = scope.run(() => useCapture({ devices })) as Capture
    sessionEnds('expired')
    await capture.take()
    expect(devices.tracks).toHaveLength(0)
    scope.stop()
  })

  it('is no news on a page that nobody is signed in on, nor to whoever signs out here', async () => {
    sessionEnds('unknown')
    const session = await signedIn()
    await session.signOut().catch(() => undefined)
    sessionEnds('signed_out')
    expect(sessionEnd.value).toBeUndefined()
  })
})

it('a page without a socket asks for itself while it shows a film, and when it is looked at again', async () => {
  vi.useFakeTimers()
  const asked = vi.fn(() => Promise.reject(new Error('401')))
  const scope = effectScope()
  const playing = ref(false)
  scope.run(() => {
    useSessionWatch({ session: asked }, playing)
  })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).not.toHaveBeenCalled()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(asked).toHaveBeenCalledTimes(1)
  playing.value = true
  await vi.advanceTimersByTimeAsync(10_500)
  expect(asked).toHaveBeenCalledTimes(3)
  scope.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveBeenCalledTimes(3)
  vi.useRealTimers()
})

it('the page that says so has one key, in both languages', async () => {
  for (const [locale, words] of [
    ['zh-CN', ['登录已结束', '停用', '重新登录']],
    ['en', ['Signed out', 'disabled', 'Sign in again']],
  ] as const) {
    const i18n = makeI18n()
    await speakIn(i18n.global, locale)
    const page = mount(SessionEnded, { props: { reason: 'disabled' }, global: { plugins: [i18n] }, attachTo: document.body })
    for (const word of words) expect(page.text()).toContain(word)
    expect(document.activeElement?.getAttribute('data-testid')).toBe('session-again')
    await page.get('button').trigger('click')
    expect(page.emitted('again')).toHaveLength(1)
    page.unmount()
  }
})
