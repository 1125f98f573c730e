import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { SCREEN } from '@/protocol/encodings'
import { Publisher } from '@/protocol/whip'
import type { Live } from '@/state/live'
import type { MediaSessions, MeetingRoom } from '@/state/meetingRoom'
import { problemOf, type Screens, useScreenShare } from '@/state/screenShare'

import { FakeDoor, refusal } from '../support/fakeMedia'

interface Track {
  kind: string
  contentHint: string
  onended: (() => void) | null
  stop: () => void
  getSettings: () => MediaTrackSettings
}

function stand(screens?: Screens) {
  const door = new FakeDoor()
  const sessions: MediaSessions[] = []
  const live = { socket: { on: () => () => undefined } } as unknown as Live
  const room = { id: 'm_1', attach: (one: MediaSessions) => sessions.push(one) } as unknown as MeetingRoom
  const track: Track = { kind: 'video', contentHint: '', onended: null, stop: vi.fn(), getSettings: () => ({ width: 1920, height: 1080 }) }
  const asked: DisplayMediaStreamOptions[] = []
  const picker: Screens = {
    getDisplayMedia: (options) => {
      asked.push(options)
      return Promise.resolve({ getVideoTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream)
    },
  }
  const scope = effectScope()
  const share = scope.run(() => useScreenShare(live, room, screens ?? picker, new Publisher('m_1', door.parts, SCREEN)))
  if (share === undefined) throw new Error('no share')
  return { door, share, track, asked, sessions, scope }
}

async function pass(ms = 5): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { hardwareConcurrency: 8 })
  vi.stubGlobal('RTCRtpSender', { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }] }) })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('sharing a screen', () => {
  it('sends it as a source of its own until the same key ends it', async () => {
    const { door, share, track, asked } = stand()
    await share.toggle()
    expect(share.state.value).toBe('waiting')
    expect(asked[0]?.audio).toBe(false)
    await pass()
    expect(door.asked[0]?.url).toBe('/whip/m_1?source=screen')
    door.peer.turn('connected')
    expect(share.state.value).toBe('on')
    await share.toggle()
    await pass()
    expect(share.state.value).toBe('off')
    expect(track.stop).toHaveBeenCalled()
    expect(door.asked.at(-1)?.method).toBe('DELETE')
    expect(share.problem.value).toBeUndefined()
  })

  it("ends cleanly by the browser's own key", async () => {
    const { door, share, track } = stand()
    await share.toggle()
    await pass()
    door.peer.turn('connected')
    track.onended?.()
    await pass()
    expect(share.state.value).toBe('off')
    expect(door.asked.map((one) => one.method)).toEqual(['POST', 'DELETE'])
  })

  it('says why when it was not allowed, and not for ever', async () => {
    const { door, share } = stand({ getDisplayMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')) })
    await share.toggle()
    expect([share.state.value, share.problem.value]).toEqual(['off', 'denied'])
    await pass(8000)
    expect(share.problem.value).toBeUndefined()
    expect(door.asked).toEqual([])
  })

  it('says so when it is shared from elsewhere, and when the hub refuses', async () => {
    const one = stand()
    await one.share.toggle()
    await pass()
    one.sessions[0]?.closed({ meeting: 'm_1', kind: 'closed', session: 's_1', reason: 'replaced' })
    expect([one.share.state.value, one.share.problem.value]).toEqual(['off', 'elsewhere'])
    expect(one.track.stop).toHaveBeenCalled()
    const other = stand()
    other.door.answers = [refusal(422, 'unprocessable')]
    await other.share.toggle()
    await pass()
    expect([other.share.state.value, other.share.problem.value]).toEqual(['off', 'refused'])
  })

  it('ends with the page that shares', async () => {
    const { share, track, scope } = stand()
    await share.toggle()
    await pass()
    scope.stop()
    expect(share.state.value).toBe('off')
    expect(track.stop).toHaveBeenCalled()
  })

  it('knows what browsers call a refusal', () => {
    expect(problemOf(new DOMException('', 'NotSupportedError'))).toBe('unsupported')
    expect(problemOf(new DOMException('', 'NotReadableError'))).toBe('failed')
  })
})
