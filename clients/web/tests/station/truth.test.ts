/** The truth table of being heard and seen: each reason has its own word, and none hides a worse one. */
import { describe, expect, it } from 'vitest'

import { adviceFor, heard, heardTone, lineOf, seen, seenTone, type Facts, type Heard, type Seen } from '@/pages/station/truth'
import type { DeviceState } from '@/protocol/types'

const FINE: Facts = {
  inMeeting: true,
  publish: 'connected',
  microphone: 'on',
  camera: 'on',
  muted: false,
  mutedHere: false,
  received: { audio: true, video: true },
  silent: false,
  paused: false,
  onAir: false,
}
const NOT: DeviceState[] = ['off', 'none', 'denied', 'busy', 'failed']

describe('heard', () => {
  const table: [string, Partial<Facts>, Heard][] = [
    ['everything is fine', {}, 'yes'],
    ['not in a meeting', { inMeeting: false, microphone: 'denied' }, 'idle'],
    ['the line is being made', { publish: 'connecting' }, 'connecting'],
    ['the account joined elsewhere', { publish: 'stopped' }, 'stopped'],
    ['muted by the chair', { muted: true }, 'muted_by_chair'],
    ['muted by the own key', { mutedHere: true }, 'muted_here'],
    ['muted by both: only the chair can change it', { muted: true, mutedHere: true }, 'muted_by_chair'],
    ['the hub has not said that it hears', { received: null }, 'not_arriving'],
    ['the hub gets a picture only', { received: { audio: false, video: true } }, 'not_arriving'],
    ['the microphone gives nothing', { silent: true }, 'silent'],
    ['muted, so that silence is no news', { silent: true, mutedHere: true }, 'muted_here'],
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
  it('is silent when all works or is switched off by wish', () => {
    expect(adviceFor('on', 'on', true)).toBeNull()
    expect(adviceFor('off', 'on', true)).toBeNull()
  })

  it('names the trouble that can be mended first', () => {
    expect(adviceFor('none', 'denied', true)).toBe('denied')
    expect(adviceFor('busy', 'none', true)).toBe('busy')
    expect(adviceFor('none', 'on', true)).toBe('none')
    expect(adviceFor('failed', 'failed', false)).toBe('insecure')
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
