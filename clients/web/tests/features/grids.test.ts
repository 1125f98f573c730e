import { describe, expect, it } from 'vitest'

import { accountsOf, assignedOf, gridsOf, known, putBackOf } from '@/features/grids/bringing'
import { buildingsOf, commandOf, countsOf, type Part, partOf, type Placed, put, without } from '@/features/grids/splitting'
import type { GridsPreview } from '@/protocol/types'

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

describe('a list that is taken back', () => {
  it('gives grids their people again where its own work there still, and says whom it thinks to find there', () => {
    const given = { name: '一组', village: 'v', leader: null, members: ['a_new'], was: { leader: 'a_1', members: ['a_2', 'a_3'] } }
    expect(putBackOf([{ ...given, grid: 'v001', stands: true }, { ...given, grid: 'v002', stands: false }])).toEqual([
      { grid: 'v001', leader: 'a_1', members: ['a_2', 'a_3'], now: { leader: null, members: ['a_new'] } },
    ])
  })
})

describe('a list of grids', () => {
  const line = (row: number, village: string, leader: string | null, members: string[]): GridsPreview['new'][number] => ({ row, village, grid: null, name: `第${String(row)}`, kind: 'basic', planned: 40, leader, members, accounts: leader === 'old' ? { old: 'a_old' } : {} })
  const seen: GridsPreview = { batch: 'cb_1', people: [{ row: 1, username: 'wg-1', name: '周某', role: 'grid_member', center: 'v' }], new: [line(1, 'v', 'old', ['wg-1']), line(2, 'w', null, []), line(3, 'v', null, ['wg-2'])], changed: [{ ...line(4, 'v', null, ['wg-1']), grid: 'v001' }], same: 0, villages: {}, wrong: [] }

  it('becomes accounts, then grids a village at a time; a grid whose people have no account is not made', () => {
    expect(accountsOf(seen)).toEqual([{ accounts: [{ username: 'wg-1', name: '周某', role: 'grid_member', center: 'v' }] }])
    const ids = known(seen, new Map([['wg-1', 'a_new']]))
    expect(gridsOf(seen, ids).map((one) => [one.village, one.batch, one.grids.map((each) => [each.name, each.leader, each.members])])).toEqual([
      ['v', 'cb_1', [['第1', 'a_old', ['a_new']]]],
      ['w', 'cb_1', [['第2', null, []]]],
    ])
    expect(assignedOf(seen, ids)).toEqual([{ grid: 'v001', leader: null, members: ['a_new'], batch: 'cb_1' }])
  })
})
