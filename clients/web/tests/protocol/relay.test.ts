import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { HEAD_START_MS } from '@/protocol/mediaLink'
import { Relay, serversOf, wayOf } from '@/protocol/relay'
import { Watcher } from '@/protocol/whep'

import { FakeDoor, FakePeer, stream } from '../support/fakeMedia'

const NOW = Date.UTC(2026, 10, 29, 8)
const until = String(NOW / 1000 + 3600)
const keys = `rel="ice-server"; username="${until}:a_1"; credential="Zm9v+/Q="; credential-type="password"`
const LINK = `<turn:hub:3478?transport=tcp>; ${keys}, <turns:hub:5349?transport=tcp>; ${keys}`
const SERVERS = [{ urls: ['turn:hub:3478?transport=tcp', 'turns:hub:5349?transport=tcp'], username: `${until}:a_1`, credential: 'Zm9v+/Q=' }]

function watching(door = new FakeDoor(), link = LINK) {
  door.link = link
  const watcher = new Watcher('m_1', { video: 1, audio: 1 }, () => Promise.resolve(), door.parts, stream)
  const ways: (string | undefined)[] = []
  watcher.onWay = (way) => ways.push(way)
  return { door, watcher, ways }
}
const pass = (ms = 5) => vi.advanceTimersByTimeAsync(ms)
const asked = (door: FakeDoor) => door.asked.map((one) => `${one.method} ${one.url}`)

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  const kept = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  })
  const capabilities = { getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }] }) }
  vi.stubGlobal('RTCRtpReceiver', capabilities)
  vi.stubGlobal('RTCRtpSender', capabilities)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the relay', () => {
  it('is read from Link headers, and nothing else is', () => {
    expect(serversOf(LINK)).toEqual(SERVERS)
    expect(serversOf('</x>; rel="next", <turn:hub:3478>; rel="other"; username="u"; credential="c"')).toEqual([])
  })

  it('is opened by nobody whom the straight way serves', async () => {
    const { door, watcher, ways } = watching()
    watcher.start()
    await pass()
    expect(door.peer.configuration).toEqual({ iceServers: [] })
    door.peer.goesBy = 'host'
    door.peer.turn('connected')
    await pass(HEAD_START_MS * 3)
    expect(asked(door)).toEqual(['POST /whep/m_1'])
    expect(door.peer.restarted).toBe(0)
    expect(ways).toEqual(['direct'])
    watcher.stop()
    expect(ways).toEqual(['direct', undefined])
  })

  it('is tried after a head start, in the same session, and remembered when it was needed', async () => {
    const { door, watcher, ways } = watching()
    watcher.start()
    await pass(HEAD_START_MS - 100)
    expect(door.peer.restarted).toBe(0)
    await pass(200)
    expect(door.peers).toHaveLength(1)
    expect(door.peer.configuration?.iceServers).toEqual(SERVERS)
    expect(door.peer.restarted).toBe(1)
    expect(asked(door)).toEqual(['POST /whep/m_1', 'PATCH /whep/m_1/s_1'])
    door.peer.goesBy = 'relay'
    door.peer.turn('connected')
    await pass()
    expect(ways).toEqual(['relay'])
    watcher.stop()

    // another page of this browser takes all ways at once
    const later = watching()
    later.watcher.start()
    await pass()
    expect(asked(later.door)[0]).toBe('GET /api/v1/ice-servers')
    expect(later.door.peer.configuration?.iceServers).toMatchObject([{ credential: 'asked' }])
    // where the straight way serves again, that is forgotten
    later.door.peer.goesBy = 'host'
    later.door.peer.turn('connected')
    await pass()
    expect(new Relay().wanted).toBe(false)
    later.watcher.stop()
  })

  it('waits for a straight way that has answered and only shakes hands', async () => {
    const { door, watcher } = watching()
    watcher.start()
    await pass()
    door.peer.iceConnectionState = 'connected'
    await pass(HEAD_START_MS * 2)
    expect(door.peer.restarted).toBe(0)
    watcher.stop()
  })

  it('is tried when a connection breaks: the network may be another one', async () => {
    const { door, watcher } = watching()
    watcher.start()
    await pass()
    door.peer.goesBy = 'host'
    door.peer.turn('connected')
    await pass()
    door.peer.turn('failed')
    await pass()
    expect(door.peer.configuration?.iceServers).toEqual(SERVERS)
    expect(door.peer.restarted).toBe(1)
    watcher.stop()
  })

  it('is not waited for where the hub has none', async () => {
    const { door, watcher } = watching(new FakeDoor(), '')
    watcher.start()
    await pass(HEAD_START_MS * 2)
    expect(door.peer.restarted).toBe(0)
    watcher.stop()
  })

  it('is asked for anew when its keys come to their end', async () => {
    const relay = new Relay()
    relay.take(new Response(null, { headers: { link: LINK } }))
    const fetch = vi.fn(() => Promise.reject(new Error('away')))
    expect(await relay.fresh(fetch)).toEqual(SERVERS)
    expect(fetch).not.toHaveBeenCalled()
    await pass(58 * 60_000)
    expect(await relay.fresh(fetch)).toEqual(SERVERS) // asked, nobody answered, and they still hold
    expect(fetch).toHaveBeenCalledOnce()
    await pass(3 * 60_000)
    expect(await relay.fresh(fetch)).toEqual([])
  })

  it('is seen in the statistics of browsers that name no transport, too', async () => {
    const peer = new FakePeer()
    const reports = [
      { id: 'x', type: 'candidate-pair', nominated: false, state: 'failed', localCandidateId: 'h' },
      { id: 'p', type: 'candidate-pair', nominated: true, state: 'succeeded', selected: true, localCandidateId: 'r' },
      { id: 'h', type: 'local-candidate', candidateType: 'host' },
      { id: 'r', type: 'local-candidate', candidateType: 'relay' },
    ]
    peer.getStats = () => Promise.resolve(new Map(reports.map((one) => [one.id, one])))
    expect(await wayOf(peer as unknown as RTCPeerConnection)).toBe('relay')
  })
})
