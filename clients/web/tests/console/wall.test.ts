import { describe, expect, it } from 'vitest'

import { SpeakerOrder } from '@/pages/console/wall'
import { tileSizes } from '@/parts/tileSizes'

const nobody: ReadonlySet<string> = new Set()

describe('the order of the wall', () => {
  it('is that of arrival as long as everybody fits', () => {
    const order = new SpeakerOrder()
    expect(order.arrange(['a', 'b'], 'b', nobody, 4)).toEqual(['a', 'b'])
    expect(order.arrange(['a', 'b', 'c'], 'c', nobody, 4)).toEqual(['a', 'b', 'c'])
  })

  it('brings a speaker to the first page in the place of who was silent longest, and moves nobody else', () => {
    const order = new SpeakerOrder()
    const there = ['a', 'b', 'c', 'd', 'e']
    order.arrange(there, 'a', nobody, 3)
    expect(order.arrange(there, 'd', nobody, 3)).toEqual(['a', 'd', 'c', 'b', 'e'])
    expect(order.arrange(there, 'e', nobody, 3)).toEqual(['a', 'd', 'e', 'b', 'c'])
    expect(order.arrange(there, null, nobody, 3)).toEqual(['a', 'd', 'e', 'b', 'c'])
    expect(order.arrange(there, 'b', nobody, 3)).toEqual(['b', 'd', 'e', 'a', 'c'])
  })

  it('leaves who is pinned where he stands, and brings him forward', () => {
    const order = new SpeakerOrder()
    const there = ['a', 'b', 'c', 'd']
    expect(order.arrange(there, null, new Set(['d']), 2)).toEqual(['d', 'b', 'c', 'a'])
    expect(order.arrange(there, 'c', new Set(['d', 'b']), 2)).toEqual(['d', 'b', 'c', 'a'])
  })

  it('forgets who left and puts newcomers at the end', () => {
    const order = new SpeakerOrder()
    order.arrange(['a', 'b', 'c'], null, nobody, 2)
    expect(order.arrange(['n', 'c', 'a'], null, nobody, 2)).toEqual(['a', 'c', 'n'])
  })
})

describe('the sizes of tiles', () => {
  it('are told on change, of the element that shows the stream, also when streams change places', () => {
    const streams = [{}, {}] as MediaStream[]
    const [first, second] = streams
    const told: string[] = []
    const sizes = tileSizes(streams, (at, size) => told.push(`${String(at)} ${size.join('x')}`))
    const [stage, tile] = [{}, {}]
    sizes.report(stage, first, [1280, 720])
    sizes.report(stage, first, [1280, 720])
    sizes.report(tile, second, [320, 180])
    expect(told).toEqual(['0 1280x720', '1 320x180'])
    // the tile takes over the stream of the stage before the stage lets it go
    sizes.report(tile, first, [320, 180])
    sizes.report(stage, second, [1280, 720])
    expect(told.slice(2)).toEqual(['1 0x0', '0 320x180', '1 1280x720'])
    sizes.report(stage, undefined, [0, 0])
    expect(told.at(-1)).toBe('1 0x0')
    sizes.report({}, {} as MediaStream, [50, 50])
    expect(told.length).toBe(6)
  })
})
