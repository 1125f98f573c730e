import { describe, expect, it } from 'vitest'

import { buildingsOf, commandOf, countsOf, type Part, partOf, type Placed, put, without } from '@/features/grids/splitting'

const HOMES = ['a1', 'a2', 'b1', 'b2', 'b3'].map((household) => ({ household, building: household.slice(0, 1), place: [`${household.slice(0, 1)}栋`, household] }))
const PARTS: Part[] = [
  { name: ' 一 ', planned: 3, member: 'a_1' },
  { name: '二', planned: 2, member: '' },
]
const NONE: Placed = new Map()

describe('a split while it is put together', () => {
  it('puts each home into one part, whatever is done to parts', () => {
    const found = buildingsOf(HOMES)
    expect(found.map((one) => [one.name, one.homes.length])).toEqual([['a栋', 2], ['b栋', 3]])
    let placed = put(NONE, HOMES.slice(2), 1)
    placed = put(placed, HOMES.slice(0, 1), 2)
    expect(countsOf(3, HOMES, placed, 0)).toEqual([1, 3, 1])
    expect(found.map((one) => partOf(one, placed, 0))).toEqual([undefined, 1])
    const fewer = without(placed, 1)
    expect(countsOf(2, HOMES, fewer, 0)).toEqual([4, 1])
  })

  it('names those that go, and leaves the rest unnamed so that none is lost that comes meanwhile', () => {
    const told = commandOf('430682115210001', PARTS, put(NONE, HOMES.slice(2), 1), 0, 0, null)
    expect(told.into.map((one) => [one.grid, one.name, one.members, one.households])).toEqual([
      ['430682115210001', '一', ['a_1'], []],
      [null, '二', [], ['b1', 'b2', 'b3']],
    ])
    expect(told.rest).toBe(0)
  })

  it('names nobody of the part that has the rest, also where somebody was put there first', () => {
    const told = commandOf('430682115210001', PARTS, put(NONE, HOMES, 1), -1, 1, 'a_9')
    expect(told.into.map((one) => [one.grid, one.leader, one.households])).toEqual([
      [null, 'a_9', []],
      [null, 'a_9', []],
    ])
  })
})
