import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { cameraEncodings, CONSOLE_CAMERA, SCREEN } from '@/protocol/encodings'
import { Publisher } from '@/protocol/whip'

import { FakeDoor } from '../support/fakeMedia'

const track = (kind: string, width = 1280): MediaStreamTrack =>
  ({ kind, contentHint: '', getSettings: () => ({ width, height: (width * 9) / 16 }) }) as unknown as MediaStreamTrack

async function pass(ms = 5): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
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

describe('publishing', () => {
  it('sends what there is: with only a microphone, one section', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: null, audio: track('audio') })
    await pass()
    expect(door.peer.sections).toEqual([{ kind: 'audio', direction: 'sendonly' }])
    publisher.stop()
  })

  it('makes no session when there is nothing to send', async () => {
    const door = new FakeDoor()
    new Publisher('m_1', door.parts).publish({ video: null, audio: null })
    await pass(5000)
    expect(door.asked).toEqual([])
  })

  it('makes a new session for a camera that came later', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: null, audio: track('audio') })
    await pass()
    await publisher.replace({ video: track('video'), audio: track('audio') })
    await pass()
    expect(door.peer.sections.map((one) => one.kind)).toEqual(['audio', 'video'])
    expect(publisher.session).toBe('s_2')
    publisher.stop()
  })

  it('sends the small picture on a weak line whatever is watched, none for sound only, and all again', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: track('video'), audio: track('audio') })
    await pass()
    const sender = door.peer.senders.find((one) => one.encodings.length > 1)
    publisher.heed({ meeting: 'm_1', kind: 'layers', session: 's_1', active: ['f'] })
    await pass()
    expect(sender?.active).toEqual(['f'])
    publisher.limit('stage')
    await pass()
    expect(sender?.active).toEqual(['q'])
    publisher.limit('none')
    await pass()
    expect(sender?.active).toEqual([])
    publisher.limit('all')
    await pass()
    expect(sender?.active).toEqual(['f'])
    publisher.stop()
  })

  it('makes a picture of one layer small by its rate', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: track('video', 320), audio: null })
    await pass()
    const [sender] = door.peer.senders
    const rate = () => sender?.encodings[0]?.maxBitrate
    const before = rate()
    publisher.limit('stage')
    await pass()
    expect(rate()).toBe(120_000)
    expect(sender?.encodings[0]?.active).toBe(true)
    publisher.limit('all')
    await pass()
    expect(rate()).toBe(before)
    publisher.stop()
  })

  it('replaces a track without a new session', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: track('video'), audio: null })
    await pass()
    await publisher.replace({ video: track('video'), audio: null })
    await pass()
    expect(publisher.session).toBe('s_1')
    publisher.stop()
  })
})

describe('what nobody watches', () => {
  const about = { meeting: 'm_1', session: 's_1' }

  async function publishing(width = 1280) {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts, CONSOLE_CAMERA)
    publisher.publish({ video: track('video', width), audio: null })
    await pass()
    const sender = door.peer.senders[0]
    if (sender === undefined) throw new Error('nothing is sent')
    return { door, publisher, sender }
  }

  it('is not sent: the layers that the hub names are, the others rest', async () => {
    const { publisher, sender } = await publishing()
    expect(sender.active).toEqual(['q', 'h', 'f'])
    publisher.heed({ ...about, kind: 'layers', active: ['q'] })
    publisher.heed({ ...about, kind: 'layers', active: ['q', 'f'] })
    await pass()
    expect(sender.active).toEqual(['q', 'f'])
    publisher.heed({ ...about, kind: 'pause', paused: true })
    await pass()
    expect(sender.active).toEqual([])
    publisher.heed({ ...about, kind: 'pause', paused: false })
    await pass()
    expect(sender.active).toEqual(['q', 'f'])
    publisher.stop()
  })

  it('is known even when the event overtakes the answer, and forgotten with the session', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts)
    publisher.publish({ video: track('video'), audio: null })
    publisher.heed({ ...about, kind: 'layers', active: ['h'] })
    publisher.heed({ ...about, kind: 'pause', paused: true })
    await pass()
    expect(publisher.paused).toBe(true)
    publisher.closedByHub('s_1', 'node_lost')
    await pass()
    expect(publisher.paused).toBe(false)
    expect(door.peer.senders[0]?.active).toEqual(['q', 'h', 'f'])
    publisher.stop()
  })

  it('of a picture in one layer is all or nothing', async () => {
    const { publisher, sender } = await publishing(320)
    publisher.heed({ ...about, kind: 'layers', active: [] })
    await pass()
    expect(sender.active).toEqual([undefined])
    publisher.stop()
  })
})

describe('the encodings of a picture', () => {
  const rates = { low: 1, middle: 2, high: 3 }
  const rids = (width: number, cores: number) => cameraEncodings(rates, width, cores).map((one) => one.rid)

  it('are three for a large one, fewer for a small one and on a weak machine', () => {
    expect(rids(1280, 8)).toEqual(['q', 'h', 'f'])
    expect(rids(1280, 2)).toEqual(['q', 'f'])
    expect(rids(640, 8)).toEqual(['q', 'h'])
    expect(rids(320, 8)).toEqual([undefined])
  })

  it('of a screen are one, no larger than full HD', () => {
    expect(SCREEN.encodings(3840, 2160, 8)).toMatchObject([{ scaleResolutionDownBy: 2, maxFramerate: 12 }])
    expect(SCREEN.encodings(1280, 720, 8)).toMatchObject([{ scaleResolutionDownBy: 1 }])
  })

  it('are simpler where the browser does not take them', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', {
      ...door.parts,
      makePeer: () => {
        const peer = door.parts.makePeer([])
        door.peer.refuses = (encodings) => encodings.some((one) => 'scalabilityMode' in one)
        return peer
      },
    })
    publisher.publish({ video: track('video'), audio: null })
    await pass()
    expect(door.peer.senders[0]?.encodings).toMatchObject([{ rid: 'q' }, { rid: 'h' }, { rid: 'f' }])
    publisher.stop()
  })

  it('of a screen go to a session of their own', async () => {
    const door = new FakeDoor()
    const publisher = new Publisher('m_1', door.parts, SCREEN)
    const picture = track('video')
    publisher.publish({ video: picture, audio: null })
    await pass()
    expect(door.asked[0]?.url).toBe('/whip/m_1?source=screen')
    expect(publisher.session).toBe('s_1')
    expect(picture.contentHint).toBe('detail')
    publisher.stop()
  })
})
