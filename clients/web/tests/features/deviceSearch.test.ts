import { describe, expect, it } from 'vitest'

import { isWithin, lensesOf, MOST_SEARCHED, piecesOf, proposed, rangeOf } from '@/features/cameraList/searching'
import type { CameraProfile } from '@/protocol/types'

function profile(token: string, width: number, height: number, source = 'lens', codec = 'H264'): CameraProfile {
  return { token, name: token, url: '', codec, width, height, turns: false, source, sound: false, known: null }
}

describe('a network that is searched', () => {
  it('is asked in pieces of 256 addresses, by its first address', () => {
    expect(piecesOf('10.43.8.77/30')).toEqual(['10.43.8.76/30'])
    expect(piecesOf('10.43.8.77')).toEqual(['10.43.8.77/32'])
    expect(piecesOf('10.43.8.0/22')).toEqual(['10.43.8.0/24', '10.43.9.0/24', '10.43.10.0/24', '10.43.11.0/24'])
    expect(piecesOf('10.43.240.0/20')).toHaveLength(MOST_SEARCHED / 256)
  })
  it.each(['10.43.0.0/19', '10.43.0.0/33', '300.1.1.1', '10.43.0', 'fe80::/120', ''])('is not searched as %s', (text) => {
    expect(piecesOf(text)).toEqual([])
  })
  it('lies in another one or not', () => {
    expect(isWithin('10.43.8.0/24', '10.43.0.0/16')).toBe(true)
    expect(isWithin('10.43.8.0/24', '10.43.8.0/24')).toBe(true)
    expect(isWithin('10.44.8.0/24', '10.43.0.0/16')).toBe(false)
    expect(isWithin('10.0.0.0/8', '10.43.0.0/16')).toBe(false)
    expect(rangeOf('255.255.255.255')).toEqual({ first: 2 ** 32 - 1, count: 1 })
  })
})

describe('streams of a device', () => {
  it('go together by what they show, and a small one is proposed beside the large one', () => {
    const lenses = lensesOf([profile('a', 1920, 1080), profile('b', 1280, 720), profile('c', 640, 360), profile('d', 1920, 1080, 'second')])
    expect(lenses.map((one) => one.profiles.map((each) => each.token))).toEqual([['a', 'b', 'c'], ['d']])
    expect(lenses.map(proposed)).toEqual([{ main: 'a', sub: 'c' }, { main: 'd', sub: '' }])
  })
  it('are proposed in a codec that pages play, and as they are where no size is told', () => {
    expect(proposed({ source: '', profiles: [profile('a', 1920, 1080, '', 'H265'), profile('b', 640, 360, '', 'H265'), profile('c', 1280, 720)] })).toEqual({ main: 'a', sub: 'c' })
    expect(proposed({ source: '', profiles: [profile('a', 0, 0, '', ''), profile('b', 0, 0, '', '')] })).toEqual({ main: 'a', sub: 'b' })
    expect(proposed({ source: '', profiles: [] })).toEqual({ main: '', sub: '' })
  })
})
