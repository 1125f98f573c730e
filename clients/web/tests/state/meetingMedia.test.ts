/** One use of watching and sending for every page: it watches the stage at once, hears what the hub says of both, and ends with its page. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { computed, effectScope, nextTick, ref, shallowRef } from 'vue'

import { browserParts } from '@/protocol/mediaLink'
import { STAGE } from '@/protocol/types'
import type { Capture } from '@/state/capture/useCapture'
import { useMeetingMedia } from '@/state/capture/useMeetingMedia'
import type { Live } from '@/state/live'
import type { MediaSessions, MeetingRoom } from '@/state/meetingRoom'
import { ownLine } from '@/state/ownLine'
import { TROUBLE_MS } from '@/state/weakLine'

import { FakeDoor, refusal, stream } from '../support/fakeMedia'

const real = { ...browserParts }

function stand() {
  const door = new FakeDoor()
  Object.assign(browserParts, door.parts)
  const sessions: MediaSessions[] = []
  const told: [string, unknown][] = []
  let hello: (() => void) | undefined
  const live = {
    freshness: { stale: ref(false) },
    socket: {
      on: (_name: string, heard: () => void) => {
        hello = heard
        return () => (hello = undefined)
      },
      call: (name: string, body: unknown) => {
        told.push([name, body])
        return Promise.resolve({})
      },
    },
  } as unknown as Live
  const line = ownLine()
  const downlinks = shallowRef<ReadonlyMap<string, { state: string; bitrate_bps: number | null }>>(new Map())
  const uplinks = shallowRef<ReadonlyMap<string, { state: string }>>(new Map())
  /** Who waits at the door of the meeting. */
  const waiting = shallowRef<ReadonlyMap<string, unknown>>(new Map())
  const room = {
    id: 'm_1',
    uplinks,
    downlinks,
    line,
    attach: (one: MediaSessions) => sessions.push(one),
    parts: { rows: () => waiting },
  } as unknown as MeetingRoom
  const camera = ref('on')
  const capture = {
    video: shallowRef(null),
    audio: shallowRef(null),
    told: computed(() => ({ camera: camera.value, microphone: 'off' })),
    onTracks: () => () => undefined,
  } as unknown as Capture
  const scope = effectScope()
  const media = scope.run(() => useMeetingMedia(live, room, 'a_me', capture, 4))
  if (media === undefined) throw new Error('no media')
  return { door, waiting, media, line, uplinks, downlinks, sessions, told, camera, scope, greet: () => hello?.(), listens: () => hello !== undefined }
}

async function pass(): Promise<void> {
  await vi.advanceTimersByTimeAsync(5)
}

beforeEach(() => {
  vi.useFakeTimers()
  const capabilities = { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }] }) }
  vi.stubGlobal('RTCRtpReceiver', capabilities)
  vi.stubGlobal('RTCRtpSender', capabilities)
  vi.stubGlobal('navigator', { hardwareConcurrency: 8 })
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined, removeItem: () => undefined })
  vi.stubGlobal('MediaStream', function MediaStream() {
    return stream()
  })
})
afterEach(() => {
  Object.assign(browserParts, real)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the media of a meeting', () => {
  it('watch the stage at once, and send nothing before there is something', async () => {
    const { door, told, scope } = stand()
    await pass()
    expect(door.asked.map((one) => one.url.split('?')[0])).toEqual(['/whep/m_1'])
    expect(told.find(([name]) => name === 'select')?.[1]).toMatchObject({ video: [STAGE] })
    scope.stop()
  })

  it('tell how the devices are, when that changes and whenever the hub is there again', async () => {
    const { told, camera, greet, scope } = stand()
    await pass()
    camera.value = 'busy'
    await nextTick()
    greet()
    const devices = told.filter(([name]) => name === 'device').map(([, body]) => body)
    expect(devices).toEqual(Array(2).fill({ meeting: 'm_1', camera: 'busy', microphone: 'off', way: null, pictures: 'all', weak: false }))
    scope.stop()
  })

  it('take less of a line that carries no pictures, say so, and take all again when somebody wants it', async () => {
    const { door, told, line, downlinks, scope } = stand()
    await pass()
    door.peer.goesBy = 'relay'
    door.peer.turn('connected')
    await pass()
    const last = (name: string): unknown => told.filter(([each]) => each === name).at(-1)?.[1]
    expect(last('device')).toMatchObject({ way: 'relay', pictures: 'all' })
    downlinks.value = new Map([['a_me', { state: 'poor', bitrate_bps: 90_000 }]])
    await vi.advanceTimersByTimeAsync(TROUBLE_MS + 2_500)
    expect([line.pictures.value, line.byItself.value]).toEqual(['stage', true])
    expect(last('select')).toMatchObject({ video: [STAGE] })
    await vi.advanceTimersByTimeAsync(TROUBLE_MS + 2_500)
    expect(line.pictures.value).toBe('none')
    expect(last('select')).toMatchObject({ video: [null] })
    expect(last('device')).toMatchObject({ pictures: 'none', weak: true })
    line.choose('all')
    await pass()
    expect(last('select')).toMatchObject({ video: [STAGE] })
    expect(line.byItself.value).toBe(false)
    scope.stop()
  })

  it('do not take a session that is coming back for a weak line', async () => {
    const { door, line, uplinks, scope } = stand()
    await pass()
    door.peer.turn('connected')
    uplinks.value = new Map([['a_me', { state: 'lost' }]])
    await vi.advanceTimersByTimeAsync(3 * TROUBLE_MS)
    expect([line.pictures.value, line.byItself.value]).toEqual(['all', false])
    scope.stop()
  })

  it('come at once when one is let in who had to wait at a locked meeting', async () => {
    const { door, waiting, scope } = stand()
    door.answers = [refusal(409, 'waiting')]
    await pass()
    waiting.value = new Map([['a_me', {}]])
    await vi.advanceTimersByTimeAsync(15_000)
    expect(door.asked.filter((one) => one.method === 'POST')).toHaveLength(1)
    waiting.value = new Map()
    await pass()
    expect(door.asked.filter((one) => one.method === 'POST')).toHaveLength(2)
    scope.stop()
  })

  it('show who is in the slots as the hub says it', async () => {
    const { media, sessions, scope } = stand()
    await pass()
    const session = media.watcher.session ?? ''
    sessions[0]?.slots({ meeting: 'm_1', kind: 'slots', session, video: ['a_village', null, null, null], audio: [null, null, null], people: [] } as never)
    expect(media.slots.value.video[0]).toBe('a_village')
    scope.stop()
  })

  it('end once, with the page, and hear nothing of the hub any more', async () => {
    const { door, media, scope, listens } = stand()
    await pass()
    media.stop()
    scope.stop()
    await pass()
    expect(listens()).toBe(false)
    expect(door.asked.filter((one) => one.method === 'DELETE')).toHaveLength(1)
  })
})
