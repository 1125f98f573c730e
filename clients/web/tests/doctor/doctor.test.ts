/** What the doctor says, what a line's statistics mean, what a page answers to a check, and how the board reads it. */
import { effectScope, nextTick, ref } from 'vue'
import { describe, expect, it, vi } from 'vitest'

import { boardOf, linesOf } from '@/features/checks/board'
import { ofCamera, ofLine, ofMicrophone, ofSpeaker, troubles } from '@/parts/doctor/findings'
import { resultText } from '@/parts/doctor/result'
import en from '@/parts/doctor/words.en'
import zh from '@/parts/doctor/words.zh'
import { checkLine } from '@/protocol/lineCheck'
import { figuresOf, type LineLook, lookAt, NOTHING, together } from '@/protocol/lineFigures'
import { Relay } from '@/protocol/relay'
import type { CheckRow } from '@/protocol/types'
import { answerOf, type AnswerPlace } from '@/state/capture/answer'
import { audioConstraints } from '@/state/capture/devices'
import type { Quieted } from '@/state/capture/quiet'
import { useCapture } from '@/state/capture/useCapture'
import { gradeOfLine, standingsOf } from '@/state/capture/verdict'
import { useCheckAnswers } from '@/state/checks'

import { FakeDevices, FakeTrack } from '../support/fakeDevices'
import { leaves } from '../support/words'

const DESK = { state: 'on', lost: false, taking: false, secure: true, machine: 'desk' } as const
const ROW: CheckRow = {
  at: '2026-11-23T08:00:00Z', account: 'a', camera: 'ready', microphone: 'ready', level_db: null, speaker: 'ready', way: 'direct',
  loss_permille: 0, rtt_ms: 20, up_kbps: 300, down_kbps: 300, in_meeting: false,
}

describe('a finding', () => {
  it('says of a device what is the matter, and what to do at this kind of machine', () => {
    expect(ofCamera(DESK)).toMatchObject({ grade: 'good', word: 'works' })
    expect(ofCamera({ ...DESK, state: 'none', machine: 'hand' })).toEqual({ grade: 'bad', word: 'none', advice: 'none_hand' })
    expect(ofCamera({ ...DESK, state: 'none', secure: false }).word).toBe('insecure')
    expect(ofCamera({ ...DESK, state: 'failed', lost: true }).word).toBe('lost')
    expect(ofMicrophone(DESK, false, false)).toMatchObject({ grade: 'going', word: 'quiet' })
    expect(ofMicrophone(DESK, true, false).grade).toBe('good')
    expect(ofMicrophone(DESK, true, true)).toMatchObject({ grade: 'bad', word: 'silent' })
    expect(ofSpeaker('unheard', 'hand').advice).toBe('unheard_hand')
  })

  it('of the line goes by what got through', () => {
    const good = { way: 'direct', lossPermille: 2, rttMs: 40, upKbps: 2000, downKbps: 2000 } as const
    expect(ofLine(undefined, false).grade).toBe('going')
    expect(ofLine({ failure: 'blocked' }, false)).toMatchObject({ grade: 'bad', word: 'blocked' })
    expect(ofLine({ figures: good }, false)).toEqual({ grade: 'good', word: 'good', advice: null })
    expect(ofLine({ figures: { ...good, way: 'relay' } }, false).advice).toBe('line_relay')
    expect(ofLine({ figures: { ...good, lossPermille: 120 } }, false).word).toBe('bad')
    expect(ofLine({ figures: { ...good, upKbps: 50 } }, true).grade).toBe('good')
    expect(troubles([ofLine({ failure: 'blocked' }, false), ofCamera(DESK)])).toBe(1)
  })

  it('has words in both languages for every verdict and advice, and speaks to a telephone of no plugs', () => {
    expect(leaves(en).map(([key]) => key).sort()).toEqual(leaves(zh).map(([key]) => key).sort())
    for (const state of ['denied', 'busy', 'none', 'failed'] as const) {
      for (const machine of ['hand', 'desk'] as const) {
        const { advice, word } = ofCamera({ ...DESK, state, machine })
        expect(zh.doctor.advice).toHaveProperty(advice ?? '')
        expect(zh.doctor.camera).toHaveProperty(word)
      }
    }
    for (const [key, text] of leaves(zh)) if (key.endsWith('_hand')) expect(text, key).not.toMatch(/插/)
  })

  it('makes a text for support', () => {
    const text = resultText({ title: '设备检查', who: '坦渡村', at: '08:00', rows: [{ name: '摄像头', verdict: '正常', more: 'HD' }], quiet: '降噪: 未开', browser: 'UA' })
    expect(text.split('\n')).toEqual(['设备检查  坦渡村', '08:00', '摄像头: 正常 (HD)', '降噪: 未开', 'UA'])
  })
})

describe('the statistics of a line', () => {
  const report = (more: Record<string, unknown>[]): Map<string, unknown> => new Map(more.map((one) => [String(one['id']), one]))
  it('tell the way, what was lost and how long it takes', () => {
    const stats = report([
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      { id: 'P', type: 'candidate-pair', localCandidateId: 'L', currentRoundTripTime: 0.05 },
      { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp' },
      { id: 'O', type: 'outbound-rtp', bytesSent: 1000 },
      { id: 'R', type: 'remote-inbound-rtp', fractionLost: 0.1, roundTripTime: 0.08 },
    ])
    expect(lookAt(stats, 5)).toEqual({ at: 5, way: 'relay', sentBytes: 1000, receivedBytes: 0, received: 0, lost: 0, sentLoss: 0.1, rttMs: 80 })
    const firefox = report([{ id: 'P', type: 'candidate-pair', selected: true, localCandidateId: 'L' }, { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'tcp' }])
    expect(lookAt(firefox, 0).way).toBe('tcp')
    expect(lookAt(report([]), 0).way).toBeNull()
  })

  it('make figures of two looks, and one line of two connections', () => {
    const look: LineLook = { at: 0, way: 'direct', sentBytes: 0, receivedBytes: 0, received: 0, lost: 0, sentLoss: null, rttMs: null }
    const up = figuresOf([look, { ...look, at: 1000, sentBytes: 125_000, sentLoss: 0.2, rttMs: 30.4 }])
    expect(up).toEqual({ way: 'direct', lossPermille: 200, rttMs: 30, upKbps: 800, downKbps: null })
    const down = figuresOf([look, { ...look, at: 1000, receivedBytes: 25_000, received: 90, lost: 10 }])
    expect(together(up, down)).toEqual({ way: 'direct', lossPermille: 200, rttMs: 30, upKbps: 800, downKbps: 200 })
    expect(figuresOf([])).toEqual(NOTHING)
    expect(gradeOfLine(NOTHING)).toBe('unknown')
  })

  it('are not had where the hub says no, and nothing stays open', async () => {
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => null })
    vi.stubGlobal('RTCRtpSender', { getCapabilities: () => null })
    const peer = { addTransceiver: () => ({ setCodecPreferences: () => undefined }), setLocalDescription: () => Promise.resolve(), localDescription: { sdp: 'v=0' }, close: vi.fn() }
    const refuse = (code: string) => () => Promise.resolve(new Response(JSON.stringify({ error: { code, message: '' } }), { status: 429 }))
    const of = (fetch: () => Promise<Response>) =>
      checkLine({ picture: {} as MediaStreamTrack, measureMs: 1, maxKbps: 1, parts: { fetch, makePeer: () => peer as unknown as RTCPeerConnection, relay: new Relay() } })
    expect(await of(refuse('too_many'))).toEqual({ failure: 'busy' })
    expect(await of(refuse('forbidden'))).toEqual({ failure: 'refused' })
    expect(await of(() => Promise.reject(new TypeError('away')))).toEqual({ failure: 'unreachable' })
    expect(peer.close).toHaveBeenCalledTimes(3)
    vi.unstubAllGlobals()
  })

  it('are had over the relay where nothing comes straight', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => null })
    vi.stubGlobal('RTCRtpSender', { getCapabilities: () => null })
    const link = '<turn:hub:3478?transport=tcp>; rel="ice-server"; username="4102444800:a"; credential="k"'
    const fetch = () => Promise.resolve(new Response('v=0', { status: 201, headers: { location: '/whip/check/s_1', link } }))
    const made: number[] = []
    const makePeer = (servers: RTCIceServer[]) => {
      made.push(servers.length)
      const own = {
        ...{ addTransceiver: () => ({ setCodecPreferences: () => undefined }), setLocalDescription: () => Promise.resolve(), localDescription: { sdp: 'v=0' } },
        ...{ setRemoteDescription: () => Promise.resolve(), connectionState: servers.length > 0 ? 'connected' : 'new', close: () => undefined },
        getStats: () => Promise.resolve(new Map(Object.entries({
          t: { id: 't', type: 'transport', selectedCandidatePairId: 'p' }, p: { id: 'p', type: 'candidate-pair', localCandidateId: 'l' }, l: { id: 'l', type: 'local-candidate', candidateType: 'relay' },
        }))),
      }
      return own as unknown as RTCPeerConnection
    }
    const trying = checkLine({ picture: {} as MediaStreamTrack, measureMs: 1, maxKbps: 1, parts: { fetch, makePeer, relay: new Relay() } })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await trying).toMatchObject({ figures: { way: 'relay' } })
    expect(made).toEqual([0, 1, 1])
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
})

describe('the answer to a check', () => {
  const place: AnswerPlace = {
    camera: 'off', microphone: 'off', silent: false, loudestDb: null, inMeeting: false, permission: () => Promise.resolve('prompt'),
    line: () => Promise.resolve({ figures: { ...NOTHING, way: 'tcp', rttMs: 9 } }), devices: new FakeDevices({ kind: 'video', id: 'c' }),
  }
  it('says what may be known without asking anybody', async () => {
    const devices = place.devices as FakeDevices
    expect(await answerOf('k', place)).toMatchObject({ check: 'k', camera: 'asks', microphone: 'none', speaker: 'unknown', way: 'tcp', rtt_ms: 9 })
    expect((await answerOf('k', { ...place, permission: () => Promise.resolve('granted') })).camera).toBe('ready')
    expect((await answerOf('k', { ...place, permission: () => Promise.resolve('denied') })).camera).toBe('denied')
    expect((await answerOf('k', { ...place, microphone: 'on', silent: true })).microphone).toBe('silent')
    expect((await answerOf('k', { ...place, camera: 'busy', line: () => Promise.resolve({ failure: 'blocked' }) }))).toMatchObject({ camera: 'busy', way: 'none' })
    expect((await answerOf('k', { ...place, devices: null })).camera).toBe('failed')
    expect(devices.asked).toEqual({ video: 0, audio: 0 })
  })

  it('is given once, at a moment of its own, by whoever may', async () => {
    vi.useFakeTimers()
    const listeners = new Map<string, (event: never) => void>()
    const command = vi.fn(() => Promise.resolve({ seq: 1, entries: [] }))
    const socket = { on: (name: string, listener: (event: never) => void) => (listeners.set(name, listener), () => listeners.delete(name)) }
    const scope = effectScope()
    const can = ref(new Set(['check.report']))
    scope.run(() => {
      useCheckAnswers({ socket, command, can } as never, () => place, () => 0.5)
    })
    const event = { check: 'k_1', until: new Date(Date.now() + 60_000).toISOString(), spread_ms: 10_000 }
    listeners.get('check')?.(event as never)
    listeners.get('hello')?.({ checks: [event] } as never)
    await vi.advanceTimersByTimeAsync(4_900)
    expect(command).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    await vi.waitFor(() => {
      expect(command).toHaveBeenCalledExactlyOnceWith('check.report', expect.objectContaining({ check: 'k_1' }))
    })
    scope.stop()
    expect(listeners.size).toBe(0)
    vi.useRealTimers()
  })
})

describe('the board', () => {
  it('puts each center under its worst, by county, the worst county first', () => {
    const check = { centers: ['1', '2', '3', '4', '5'], ended_at: null, rows: { 1: ROW, 3: { ...ROW, camera: 'none' as const, loss_permille: 150 } } }
    const names = { nameOf: (code: string) => `c${code}`, placeOf: (code: string) => (code < '3' ? '甲县 › x' : '乙县 › y') }
    const board = boardOf(check, new Map([['2', 'online'], ['4', 'online']]), names)
    expect(board.counts.map((one) => [one.standing, one.count])).toEqual([['no_camera', 1], ['offline', 1], ['waiting', 2], ['fine', 1]])
    expect(board.groups.map((one) => [one.name, one.troubled, one.away])).toEqual([['乙县', 1, 1], ['甲县', 0, 0]])
    expect(board.groups[0]?.rows.map((one) => one.code)).toEqual(['3', '5', '4'])
    expect(linesOf(board, 'fine')).toHaveLength(2)
    expect(boardOf({ ...check, ended_at: 'x' }, new Map([['2', 'online']]), names).counts).toContainEqual({ standing: 'unanswered', count: 1 })
    expect(standingsOf({ ...ROW, camera: 'none', loss_permille: 150 })).toEqual(['no_camera', 'poor_line'])
  })
})

describe('noise suppression', () => {
  it('stands between the microphone and what is sent, and leaves the browser’s own off', async () => {
    expect(audioConstraints(null).noiseSuppression).toBe(true)
    expect(audioConstraints(null, true).noiseSuppression).toBe(false)
    vi.stubGlobal('document', { addEventListener: () => undefined, removeEventListener: () => undefined, visibilityState: 'visible' })
    vi.stubGlobal('navigator', {})
    const devices = new FakeDevices({ kind: 'audio', id: 'm' })
    const quiet = ref(false)
    const made: (Quieted & { stop: ReturnType<typeof vi.fn> })[] = []
    const scope = effectScope()
    const capture = scope.run(() =>
      useCapture({
        devices,
        choice: () => ({ camera: null, microphone: null, quiet: quiet.value }),
        quieten: (of) => {
          const one = { of, track: new FakeTrack('audio', 'quiet') as unknown as MediaStreamTrack, stop: vi.fn() }
          made.push(one)
          return Promise.resolve(one)
        },
      }),
    )
    if (capture === undefined) throw new Error('no capture')
    await capture.take(['audio'])
    expect(capture.quiet.value).toBe('off')
    expect(capture.audio.value).toBe(devices.live('audio'))
    quiet.value = true
    await nextTick()
    await vi.waitFor(() => {
      expect(capture.quiet.value).toBe('on')
    })
    expect(capture.audio.value).toBe(made[0]?.track)
    capture.enable('audio', false)
    expect(capture.audio.value?.enabled).toBe(false)
    quiet.value = false
    await nextTick()
    await vi.waitFor(() => {
      expect(capture.audio.value).toBe(devices.live('audio'))
    })
    expect(made[0]?.stop).toHaveBeenCalledOnce()
    scope.stop()
    vi.unstubAllGlobals()
  })
})
