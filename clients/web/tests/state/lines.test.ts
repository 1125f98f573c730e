import { describe, expect, it } from 'vitest'

import type { LineFigures, ParticipantPresence, Quality } from '@/protocol/types'
import { badLines, isTrouble, type Line, modeOf, rateText, wayWords, withLines, worse } from '@/state/lines'

import { joined, ref, TOWN, VILLAGE } from '../support/examples'

const village = joined(ref('a_village', VILLAGE, '坦渡村'))
const town = joined(ref('a_town', TOWN, '坦渡镇'))
const figures = (since: string): LineFigures => ({ since, loss_permille: 50, bitrate_bps: null, rtt_ms: 40 })
const line = (state: Quality, since = '2026-11-23T08:00:00.000000Z'): Line => ({ state, ...figures(since) })
const at = (id: string, state: ParticipantPresence['state']): [string, ParticipantPresence] => [
  id,
  { id, state, camera: 'on', microphone: 'on', publishing: true, way: null, pictures: 'all', weak: false },
]

describe('how a line is used', () => {
  const told = at('a_village', 'online')[1]
  it.each<[string, Partial<ParticipantPresence>, string[]]>([
    ['straight, with all pictures', {}, []],
    ['over the relay', { way: 'relay' }, ['lines.relay']],
    ['by choice', { pictures: 'stage' }, ['lines.takes.stage']],
    ['by itself, over the relay', { way: 'relay', pictures: 'none', weak: true }, ['lines.relay', 'lines.weak.none']],
    ['of a page that is away', { state: 'reconnecting', way: 'relay', pictures: 'none', weak: true }, []],
  ])('%s', (_name, more, words) => {
    expect(modeOf({ ...told, ...more })).toEqual(words)
  })

  it('is not said of whom nobody knows', () => {
    expect(modeOf(undefined)).toEqual([])
  })
})

describe('lines', () => {
  it('are what the newest event says, and gone with their session', () => {
    const since = '2026-11-23T08:00:00.000000Z'
    const one = withLines(new Map(), { participants: { a: 'poor', b: 'good' }, lines: { a: figures(since), b: figures(since) }, gone: [] })
    const two = withLines(one, { participants: { a: 'good' }, lines: { a: figures(since) }, gone: ['b'] })
    expect([...two].map(([who, is]) => `${who} ${is.state}`)).toEqual(['a good'])
    expect(one.size).toBe(2)
  })

  it('that are bad stand with the worst first, of equals the one that lasts longest', () => {
    const people = [village, town, joined(ref('a_other', '430682115001', '新球村'))]
    const up = new Map([
      ['a_village', line('fair')],
      ['a_town', line('poor', '2026-11-23T08:00:05.000000Z')],
    ])
    const down = new Map([
      ['a_other', line('poor', '2026-11-23T08:00:01.000000Z')],
      ['a_town', line('good')],
    ])
    const found = badLines(people, up, down, new Map())
    expect(found.map((one) => `${one.person.id} ${one.state}`)).toEqual(['a_other poor', 'a_town poor', 'a_village fair'])
    expect(found.map(isTrouble)).toEqual([true, true, false])
    expect(found[1]?.since).toBe(Date.parse('2026-11-23T08:00:05Z'))
  })

  it('of somebody who dropped out are lost, of somebody who left are no matter', () => {
    const up = new Map([['a_village', line('good')]])
    const gone = badLines([village], up, new Map(), new Map([at('a_village', 'offline')]))
    expect(gone[0]).toMatchObject({ state: 'lost', connection: 'offline', since: undefined })
    expect(badLines([{ ...village, state: 'left' }], new Map([['a_village', line('poor')]]), new Map(), new Map())).toEqual([])
  })

  it('that are good are not listed', () => {
    expect(badLines([village], new Map([['a_village', line('good')]]), new Map(), new Map())).toEqual([])
    expect(badLines([village], new Map(), new Map(), new Map())).toEqual([])
  })

  it('are as bad as their worse way', () => {
    expect(worse('good', 'poor')).toBe('poor')
    expect(worse(undefined, 'fair')).toBe('fair')
  })

  it('of oneself are one word while they are good, else the ways are told apart', () => {
    const ways = (...both: [Quality | undefined, Quality | undefined]) => wayWords(...both).map((one) => `${one.way} ${one.state}`)
    expect(ways('good', undefined)).toEqual(['both good'])
    expect(ways('poor', 'good')).toEqual(['up poor', 'down good'])
    expect(ways(undefined, undefined)).toEqual([])
  })

  it('name a rate as people read it', () => {
    expect([640_400, 1_540_000].map(rateText)).toEqual(['640 kbit/s', '1.5 Mbit/s'])
  })
})
