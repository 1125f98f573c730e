/** The truth table of being heard and seen: each reason has its own word, and none hides a worse one. */
import { describe, expect, it } from 'vitest'

import { adviceFor, type DeviceFacts, machineOf } from '@/parts/doctor/advice'
import { heard, heardTone, lineOf, seen, seenTone, type Facts, type Heard, type Seen } from '@/pages/station/truth'
import { en } from '@/i18n/en'
import { zhCN } from '@/i18n/zh-CN'
import type { DeviceState } from '@/protocol/types'

const FINE: Facts = {
  inMeeting: true,
  rests: false,
  publish: 'connected',
  microphone: 'on',
  camera: 'on',
  muted: false,
  only: null,
  mutedHere: false,
  received: { audio: true, video: true },
  silent: false,
  paused: false,
  soundOnly: false,
  onAir: false,
  lost: { camera: false, microphone: false },
  stale: false,
}
const NOT: DeviceState[] = ['off', 'none', 'denied', 'busy', 'failed']

describe('heard', () => {
  const table: [string, Partial<Facts>, Heard][] = [
    ['everything is fine', {}, 'yes'],
    ['not in a meeting', { inMeeting: false, microphone: 'denied' }, 'idle'],
    ['the line is being made', { publish: 'connecting' }, 'connecting'],
    ['the account joined elsewhere', { publish: 'stopped' }, 'stopped'],
    ['muted by the chair', { muted: true }, 'muted_by_chair'],
    ['a roll call goes on and somebody else is called', { only: 'roll_call' }, 'roll_call'],
    ['one talks by a key that is not held', { only: 'talk' }, 'talk'],
    ['the hub is away: who is heard is not known', { only: 'talk', stale: true }, 'unsure'],
    ['apart with the chair, muted or not', { only: 'apart', muted: true }, 'apart'],
    ['muted by the own key', { mutedHere: true }, 'muted_here'],
    ['muted by both: only the chair can change it', { muted: true, mutedHere: true }, 'muted_by_chair'],
    ['the hub has not said that it hears', { received: null }, 'not_arriving'],
    ['the hub gets a picture only', { received: { audio: false, video: true } }, 'not_arriving'],
    ['the microphone gives nothing', { silent: true }, 'silent'],
    ['muted, so that silence is no news', { silent: true, mutedHere: true }, 'muted_here'],
    ['the hub is away: nobody can say', { stale: true }, 'unsure'],
    ['the hub is away, and muted here', { stale: true, mutedHere: true }, 'muted_here'],
    ['the microphone went away in the call', { microphone: 'none', lost: { camera: false, microphone: true } }, 'mic_lost'],
    ['the hub took nothing', { publish: 'refused' }, 'refused'],
    ['the account takes part elsewhere, the devices are let go', { publish: 'stopped', microphone: 'off' }, 'stopped'],
    ['an unwatched picture does not matter to sound', { paused: true }, 'yes'],
  ]
  it.each(table)('%s', (_name, change, word) => {
    expect(heard({ ...FINE, ...change })).toBe(word)
  })

  it.each(NOT)('a microphone that is %s comes before the line', (microphone) => {
    expect(heard({ ...FINE, microphone, publish: 'connecting' })).toBe(`mic_${microphone}`)
  })

  it('is never yes unless the hub receives the sound', () => {
    const booleans = [true, false]
    for (const muted of booleans)
      for (const mutedHere of booleans)
        for (const silent of booleans)
          for (const audio of booleans)
            for (const publish of ['stopped', 'connecting', 'connected'] as const) {
              const word = heard({ ...FINE, muted, mutedHere, silent, publish, received: { audio, video: true } })
              expect(word === 'yes').toBe(!muted && !mutedHere && !silent && audio && publish === 'connected')
            }
  })
})

describe('seen', () => {
  const table: [string, Partial<Facts>, Seen][] = [
    ['everything is fine', {}, 'yes'],
    ['on air', { onAir: true }, 'on_air'],
    ['on air on paper, but the hub has no picture', { onAir: true, received: { audio: true, video: false } }, 'not_arriving'],
    ['on air on paper, but nobody takes the picture', { onAir: true, paused: true }, 'unwatched'],
    ['nobody watches', { paused: true }, 'unwatched'],
    ['the hub is away: nobody can say, on air or not', { stale: true, onAir: true }, 'unsure'],
    ['the camera went away in the call', { camera: 'failed', lost: { camera: true, microphone: false }, onAir: true }, 'cam_lost'],
    ['the account takes part elsewhere, the devices are let go', { publish: 'stopped', camera: 'off' }, 'stopped'],
    ['the line is being made', { publish: 'connecting' }, 'connecting'],
    ['muted does not matter to the picture', { muted: true, mutedHere: true, silent: true }, 'yes'],
    ['not in a meeting', { inMeeting: false }, 'idle'],
  ]
  it.each(table)('%s', (_name, change, word) => {
    expect(seen({ ...FINE, ...change })).toBe(word)
  })

  it.each(NOT)('a camera that is %s is said as such', (camera) => {
    expect(seen({ ...FINE, camera, onAir: true })).toBe(`cam_${camera}`)
  })
})

describe('tones', () => {
  it('shout only where somebody here can do something', () => {
    expect([heardTone('yes'), heardTone('muted_by_chair'), heardTone('mic_denied'), heardTone('silent')]).toEqual([
      'good',
      'off',
      'bad',
      'bad',
    ])
    expect([seenTone('on_air'), seenTone('unwatched'), seenTone('cam_off'), seenTone('cam_busy')]).toEqual([
      'good',
      'off',
      'off',
      'bad',
    ])
  })
})

describe('adviceFor', () => {
  const GOOD: DeviceFacts = { camera: 'on', microphone: 'on', lost: { camera: false, microphone: false }, secure: true }
  const facts = (news: Partial<DeviceFacts>) => adviceFor({ ...GOOD, ...news })

  it('is silent when all works or is switched off by wish', () => {
    expect(facts({})).toBeNull()
    expect(facts({ camera: 'off' })).toBeNull()
  })

  it('names the trouble that can be mended first, and what it is about', () => {
    expect(facts({ camera: 'none', microphone: 'denied' })).toEqual({ word: 'denied', what: 'microphone' })
    expect(facts({ camera: 'busy', microphone: 'none' })).toEqual({ word: 'busy', what: 'camera' })
    expect(facts({ camera: 'none', microphone: 'none' })).toEqual({ word: 'none', what: 'both' })
    expect(facts({ camera: 'failed', microphone: 'failed', secure: false })).toEqual({ word: 'insecure', what: 'both' })
  })

  it('tells a device that went away from one that never was', () => {
    expect(facts({ microphone: 'none', lost: { camera: false, microphone: true } })).toEqual({ word: 'lost', what: 'microphone' })
    expect(facts({ microphone: 'denied', lost: { camera: false, microphone: true } })).toEqual({ word: 'denied', what: 'microphone' })
  })

  it.each(['zh-CN', 'en'] as const)('never speaks of plugs to a telephone, nor of a restart to anybody (%s)', (locale) => {
    const { advice } = (locale === 'en' ? en : zhCN).station
    for (const word of ['denied', 'busy', 'lost', 'none', 'failed', 'insecure'] as const) {
      expect(advice[word].hand).not.toMatch(/插头|插好|plug/i)
      expect(advice[word].desk + advice[word].hand).not.toMatch(/重启|restart/i)
      if (!['denied', 'insecure'].includes(word)) for (const text of [advice[word].desk, advice[word].hand]) expect(text).toMatch(/^请按“重新检测”|^Press “Check again”|^按“重新检测”/)
    }
  })

  it('knows telephones and tablets', () => {
    const agent = (userAgent: string, maxTouchPoints = 0) => machineOf({ userAgent, maxTouchPoints })
    expect(agent('Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130 Mobile Safari/537.36', 5)).toBe('hand')
    expect(agent('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5)).toBe('hand')
    expect(agent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari', 5)).toBe('hand')
    expect(agent('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari')).toBe('desk')
    expect(agent('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130', 10)).toBe('desk')
  })
})

describe('lineOf', () => {
  it('is online only with a network and a greeting of the hub', () => {
    expect(lineOf('online', true)).toBe('online')
    expect(lineOf('reconnecting', true)).toBe('reconnecting')
    expect(lineOf('connecting', true)).toBe('reconnecting')
    expect(lineOf('online', false)).toBe('offline')
  })
})
