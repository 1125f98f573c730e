import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ordered } from '@/protocol/codecs'
import { fragmentOf, withFragment } from '@/protocol/sdpFragment'
import type { SlotChoice } from '@/protocol/types'
import { Watcher } from '@/protocol/whep'

import { ANSWER, FakeDoor, refusal, stream } from '../support/fakeMedia'

async function pass(ms = 5): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

function hubs() {
  const door = new FakeDoor()
  const told: [string, SlotChoice[]][] = []
  const sizes: (number[] | null)[][] = []
  const watcher = new Watcher(
    'm_1',
    { video: 3, audio: 2 },
    async ({ session, video, tiles }) => {
      told.push([session, video])
      sizes.push(tiles)
      await Promise.resolve()
    },
    door.parts,
    stream,
  )
  return { door, told, sizes, watcher }
}

beforeEach(() => {
  vi.useFakeTimers()
  const capabilities = { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }] }) }
  vi.stubGlobal('RTCRtpReceiver', capabilities)
  vi.stubGlobal('RTCRtpSender', capabilities)
  vi.stubGlobal('navigator', { hardwareConcurrency: 8 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('watching', () => {
  it('offers its slots to receive, asks by POST and knows its session', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    expect(door.peer.sections.map((one) => `${one.kind} ${one.direction}`)).toEqual([
      'video recvonly',
      'video recvonly',
      'video recvonly',
      'audio recvonly',
      'audio recvonly',
    ])
    expect(door.asked[0]).toMatchObject({ method: 'POST', url: '/whep/m_1', headers: { 'content-type': 'application/sdp' } })
    expect(watcher.session).toBe('s_1')
    door.peer.turn('connected')
    expect(watcher.state).toBe('connected')
    watcher.stop()
  })

  it('takes the first picture alone, or none, and what was chosen meanwhile comes back', async () => {
    const { told, watcher } = hubs()
    const last = () => told.at(-1)?.[1]
    watcher.choose(['stage', 'a_1', 'a_2'])
    watcher.start()
    await pass()
    expect(last()).toEqual(['stage', 'a_1', 'a_2'])
    watcher.limit('stage')
    await pass()
    expect(last()).toEqual(['stage', null, null])
    watcher.limit('none')
    watcher.choose(['a_3', 'a_1', 'a_2'])
    await pass()
    expect(last()).toEqual([null, null, null])
    watcher.limit('all')
    await pass()
    expect(last()).toEqual(['a_3', 'a_1', 'a_2'])
    watcher.stop()
  })

  it('holds pictures and sound back when it is told to, in later connections as well', async () => {
    const { door, watcher } = hubs()
    const held = () => door.peer.receivers.map((one) => one.jitterBufferTarget)
    watcher.start()
    await pass()
    expect(held()).toEqual([null, null, null, null, null])
    watcher.hold(600)
    expect(held()).toEqual([600, 600, 600, 600, 600])
    door.peer.turn('closed')
    watcher.stop()
    watcher.start()
    await pass(500)
    expect(door.peers.length).toBeGreaterThan(1)
    expect(held()).toEqual([600, 600, 600, 600, 600])
    watcher.hold(null)
    expect(held()).toEqual([null, null, null, null, null])
    watcher.stop()
  })

  it('says what it wants as soon as it has a session, and only when that changes', async () => {
    const { told, watcher } = hubs()
    watcher.choose(['stage', 'a_1', null])
    watcher.start()
    await pass()
    watcher.choose(['stage', 'a_1', null])
    watcher.choose(['stage', 'a_1', 'a_2'])
    await pass()
    expect(told).toEqual([
      ['s_1', ['stage', 'a_1', null]],
      ['s_1', ['stage', 'a_1', 'a_2']],
    ])
    watcher.stop()
  })

  it('knows who is in a slot, also when the event overtakes the answer', async () => {
    const { watcher } = hubs()
    const event = { meeting: 'm_1', kind: 'slots', session: 's_1', video: ['a_1', null, null], audio: ['a_1', null] } as const
    watcher.start()
    watcher.moved({ ...event, video: [...event.video], audio: [...event.audio] })
    await pass()
    expect(watcher.slots.video).toEqual(['a_1', null, null])
    watcher.moved({ ...event, session: 's_other', video: ['a_9', null, null], audio: [null, null] })
    expect(watcher.slots.video[0]).toBe('a_1')
    watcher.stop()
  })

  it('says how large its tiles are once they stand still, and only when that changes', async () => {
    const { sizes, watcher } = hubs()
    watcher.choose(['stage', 'a_1'])
    watcher.start()
    await pass()
    expect(sizes).toEqual([[null, null]])
    for (let width = 300; width <= 640; width += 10) {
      watcher.sized(0, [width, 360])
      await pass(20)
    }
    watcher.sized(1, [0, 0])
    await pass(200)
    expect(sizes.slice(1)).toEqual([[[640, 368], [0, 0]]])
    watcher.sized(0, [633, 355])
    await pass(200)
    expect(sizes.length).toBe(2)
    watcher.stop()
  })

  it('hears how well its tiles get through, also before it knows its session', async () => {
    const { watcher } = hubs()
    const heard: unknown[] = []
    watcher.onTiles = (tiles) => heard.push(tiles)
    watcher.start()
    watcher.judged({ meeting: 'm_1', kind: 'tiles', session: 's_1', video: ['good', null, null] })
    await pass()
    expect(heard).toEqual([[], ['good', null, null]])
    watcher.stop()
  })

  it('keeps the stream of a slot over sessions, and wants the same again', async () => {
    const { door, told, watcher } = hubs()
    watcher.choose(['stage', 'a_1', null])
    watcher.start()
    await pass()
    const [first] = watcher.video
    watcher.closedByHub('s_1', 'node_lost')
    await pass()
    expect(watcher.session).toBe('s_2')
    expect(watcher.video[0]).toBe(first)
    expect(first?.getTracks().length).toBe(1)
    expect(told.at(-1)).toEqual(['s_2', ['stage', 'a_1', null]])
    expect(door.peers[0]?.closed).toBe(true)
    watcher.stop()
  })
})

describe('a media session', () => {
  it('restarts ICE by PATCH when the line fails, in the same session', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    door.peer.turn('connected')
    door.peer.turn('disconnected')
    expect(watcher.state).toBe('recovering')
    await pass(1600)
    const patch = door.asked.at(-1)
    expect(patch).toMatchObject({ method: 'PATCH', url: '/whep/m_1/s_1' })
    expect(patch?.headers).toMatchObject({ 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '"1"' })
    expect(door.peer.remote.at(-1)).toContain('a=ice-ufrag:hub2')
    door.peer.turn('connected')
    expect(watcher.state).toBe('connected')
    expect(door.peers.length).toBe(1)
    watcher.stop()
  })

  it('does not restart when the line heals by itself', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    door.peer.turn('connected')
    door.peer.turn('disconnected')
    await pass(500)
    door.peer.turn('connected')
    await pass(20_000)
    expect(door.asked.map((one) => one.method)).toEqual(['POST'])
    watcher.stop()
  })

  it('makes a new session when the hub no longer knows the old one', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    door.peer.turn('connected')
    door.answers = [refusal(404, 'not_found')]
    door.peer.turn('failed')
    await pass(200)
    expect(watcher.session).toBe('s_2')
    watcher.stop()
  })

  it('comes back when a restart did not help', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    door.peer.turn('connected')
    door.peer.turn('failed')
    await pass(9000)
    expect(watcher.session).toBe('s_2')
    watcher.stop()
  })

  it('is looked after when the line to the hub is back: what hears nothing gets new ways at once, what hears stays', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    door.peer.turn('connected')
    const [peer] = door.peers
    if (peer === undefined) throw new Error('no peer')
    peer.onStats = () => (peer.bytes += 100)
    watcher.nudge()
    await pass(3_000)
    expect([peer.restarted, watcher.state]).toEqual([0, 'connected'])
    peer.onStats = () => undefined
    watcher.nudge()
    await pass(1_100)
    expect([peer.restarted, watcher.state, door.asked.at(-1)?.method]).toEqual([1, 'recovering', 'PATCH'])
    peer.turn('connected')
    expect([watcher.state, door.peers.length]).toEqual(['connected', 1])
    watcher.stop()
  })

  it('asks anew when its question was lost with the line', async () => {
    const { door, watcher } = hubs()
    let asked = 0
    const { fetch } = door.parts
    Object.assign(door.parts, {
      fetch: (url: string, init: RequestInit) => ((asked += 1) === 1 ? new Promise(() => undefined) : fetch(url, init)),
    })
    watcher.start()
    await pass(1_000)
    watcher.nudge()
    await pass()
    expect(asked).toBe(1)
    await pass(2_000)
    watcher.nudge()
    await pass()
    expect([asked, watcher.session]).toEqual([2, 's_1'])
    watcher.stop()
  })

  it('tries again, ever later, while there is no node', async () => {
    const { door, watcher } = hubs()
    door.answers = [refusal(503, 'unavailable'), new TypeError('no line'), refusal(503, 'unavailable')]
    watcher.start()
    await pass()
    expect(watcher.state).toBe('waiting')
    await pass(1000)
    expect(door.asked.length).toBe(4)
    expect(watcher.session).toBe('s_1')
    watcher.stop()
  })

  it('gives up, and says why, where trying again makes no sense', async () => {
    const { door, watcher } = hubs()
    door.answers = [refusal(409, 'removed')]
    watcher.start()
    await pass(5000)
    expect(watcher.state).toBe('stopped')
    expect(watcher.refusal?.code).toBe('removed')
    expect(door.asked.length).toBe(1)
  })

  it('stays away when it was removed, and when the meeting ended', async () => {
    for (const reason of ['removed', 'ended', 'replaced'] as const) {
      const { door, watcher } = hubs()
      watcher.start()
      await pass()
      watcher.closedByHub('s_1', reason)
      await pass(5000)
      expect(watcher.state).toBe('stopped')
      expect(door.asked.map((one) => one.method)).toEqual(['POST'])
    }
  })

  it('tells the hub when it ends, and not when the hub ended it', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await pass()
    watcher.stop()
    await pass()
    expect(door.asked.at(-1)).toMatchObject({ method: 'DELETE', url: '/whep/m_1/s_1' })
    watcher.start()
    await pass()
    watcher.stop(true)
    await pass()
    expect(door.asked.filter((one) => one.method === 'DELETE').length).toBe(1)
  })

  it('leaves no session behind when it is stopped before the answer came', async () => {
    const { door, watcher } = hubs()
    watcher.start()
    await Promise.resolve()
    await Promise.resolve()
    watcher.stop()
    await pass()
    const posted = door.asked.filter((one) => one.method === 'POST').length
    const deleted = door.asked.filter((one) => one.method === 'DELETE').length
    expect(deleted).toBe(posted)
    expect(watcher.state).toBe('stopped')
  })
})

describe('codecs', () => {
  const codec = (mimeType: string, sdpFmtpLine?: string) => ({ mimeType, clockRate: 90_000, sdpFmtpLine }) as RTCRtpCodec

  it('stand in the order asked for, without what is not a picture', () => {
    const there = [codec('video/AV1'), codec('video/red'), codec('video/VP8'), codec('video/rtx')]
    const names = ordered(there, ['video/vp8', 'video/rtx', 'video/av1']).map((one) => one.mimeType)
    expect(names).toEqual(['video/VP8', 'video/rtx', 'video/AV1'])
  })

  it('leave out the variants that no camera sends, so that sixteen sections fit into an offer', () => {
    const there = [
      codec('video/H264', 'packetization-mode=0;profile-level-id=42e01f'),
      codec('video/H264', 'packetization-mode=1;profile-level-id=42e01f'),
      codec('video/H264', 'packetization-mode=1;profile-level-id=64001f'),
      codec('video/VP9', 'profile-id=2'),
      codec('video/VP9', 'profile-id=0'),
    ]
    expect(ordered(there, ['video/h264', 'video/vp9']).map((one) => one.sdpFmtpLine)).toEqual([
      'packetization-mode=1;profile-level-id=42e01f',
      'profile-id=0',
    ])
  })
})

describe('fragments of an ICE restart', () => {
  it('name the credentials of the offer', () => {
    const offer = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:7\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n'
    expect(fragmentOf(offer)).toBe(
      'a=ice-options:trickle ice2\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:7\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n',
    )
  })

  it('put the new credentials into every section and keep the candidates when none are named', () => {
    const changed = withFragment(ANSWER, 'a=ice-ufrag:x\r\na=ice-pwd:y\r\n')
    expect(changed.match(/a=ice-ufrag:x/g)?.length).toBe(2)
    expect(changed).not.toContain('hubpassword1')
    expect(changed).toContain('127.0.0.1 5000')
  })

  it('take over new candidates', () => {
    const fragment = 'a=ice-ufrag:x\r\na=ice-pwd:y\r\na=candidate:1 1 udp 1 127.0.0.1 6000 typ host\r\n'
    const changed = withFragment(ANSWER, fragment)
    expect(changed).not.toContain('127.0.0.1 5000')
    expect(changed.match(/127\.0\.0\.1 6000/g)?.length).toBe(1)
  })

  it('without credentials are refused', () => {
    expect(() => fragmentOf('v=0\r\n')).toThrow(RangeError)
    expect(() => withFragment(ANSWER, 'a=mid:0\r\n')).toThrow(RangeError)
  })
})
