import { describe, expect, it } from 'vitest'

import { differing, guessed, pairsOf, together, twinsOf } from '@/features/registry/merging'
import type { HouseholdSeen, PersonSeen } from '@/protocol/types'

const person = (id: string, more: Partial<PersonSeen> = {}): PersonSeen => ({ person: id, name: id, number: '', number_kind: '', phone: '', birth: '', sex: '', relation: 'other', residence: 'registered', note: '', left_at: null, ...more })
const home = (id: string, persons: PersonSeen[], more: Partial<HouseholdSeen> = {}): HouseholdSeen => ({ household: id, grid: '430682115210001', grid_name: '一组', center: '430682115210', center_name: '坦渡村', building: 'bd', house: 'ho', walk: 1, place: ['3栋', id], kind: 'family', state: 'here', seq: 1, note: '', persons, masked: false, late: [], can: ['keep'], ...more })

describe('two households that are the same', () => {
  const here = home('甲', [person('a1', { name: '云青樵', number: '1', phone: '154' }), person('a2', { name: '李石亭' }), person('a3', { name: '走了', left_at: '2026-11-01T00:00:00Z' })])
  const other = home('乙', [person('b1', { name: '云青', number: '1', phone: '155', birth: '1950' }), person('b2', { name: '李石亭' }), person('b3', { name: '李石亭' })])

  it('are found once each for all who live there, the most alike first, and not itself nor what is no more', () => {
    const found = twinsOf([
      { household: home('丙', []), person: 'c', score: 60, why: ['name'] },
      { household: other, person: 'b1', score: 90, why: ['number'] },
      { household: other, person: 'b2', score: 70, why: ['name', 'number'] },
      { household: here, person: 'a1', score: 100, why: ['number'] },
      { household: home('丁', [], { state: 'merged' }), person: 'd', score: 100, why: ['number'] },
    ], '甲')
    expect(found.map((one) => [one.household.household, one.score, one.why])).toEqual([['乙', 90, ['number', 'name']], ['丙', 60, ['name']]])
  })

  it('who is whom is guessed by number, then by name, nobody twice, and nothing of what is covered', () => {
    expect(guessed(here, other)).toEqual({ b1: 'a1', b2: 'a2', b3: '' })
    expect(Object.values(guessed({ ...here, masked: true }, other))).toEqual(['', '', ''])
    expect(together(here, other, { b1: 'a1', b2: 'a2', b3: '' })).toBe(3)
  })

  it('what both say differently is chosen; what only one says is kept anyway', () => {
    const [mine, theirs] = [here.persons[0], other.persons[0]] as [PersonSeen, PersonSeen]
    expect(differing(mine, theirs)).toEqual(['name', 'phone'])
    expect(pairsOf({ b1: 'a1', b2: '' }, { b1: ['phone'] })).toEqual([{ person: 'a1', other: 'b1', take: ['phone'] }])
  })
})
