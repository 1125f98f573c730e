/** Levels of secrecy on pages: who is offered which key, and that a meeting that is gone for one is gone from his calls. */
import { describe, expect, it } from 'vitest'

import { levelKey } from '@/features/secrecy/allowed'
import type { Account, Role } from '@/protocol/types'

const CITY = '430600000000'
const COUNTY = '430682000000'
const person = (role: Role, code: string, cleared = true, id = 'a_1'): Account => ({
  id, username: 'u', name: 'n', role, cleared, center: { code, name: '', level: 'city', parent: null, path: [] },
})
const ref = (id: string, center: string) => ({ id, name: 'n', role: 'leader' as const, center, center_name: '', level: 'city' as const })
const meeting = (level: 'normal' | 'secret', chair = 'a_9') => ({ level, chair: ref(chair, COUNTY), convener: ref('a_9', COUNTY) })

describe('the key of the level', () => {
  it('is for the cleared alone, whatever they are', () => {
    expect(levelKey(person('leader', COUNTY, false), meeting('normal'))).toBeUndefined()
    expect(levelKey(person('leader', COUNTY, false, 'a_9'), meeting('normal'))).toBeUndefined()
    expect(levelKey(person('leader', COUNTY), undefined)).toBeUndefined()
  })
  it('raises for who leads or opened it, for leaders, and for dispatchers and clerks of its own center', () => {
    expect(levelKey(person('station', CITY, true, 'a_9'), meeting('normal'))).toBe('raise')
    expect(levelKey(person('leader', CITY), meeting('normal'))).toBe('raise')
    expect(levelKey(person('clerk', COUNTY), meeting('normal'))).toBe('raise')
    expect(levelKey(person('clerk', CITY), meeting('normal'))).toBeUndefined()
    expect(levelKey(person('station', COUNTY), meeting('normal'))).toBeUndefined()
  })
  it('lowers for leaders alone', () => {
    expect(levelKey(person('leader', COUNTY), meeting('secret'))).toBe('lower')
    expect(levelKey(person('clerk', COUNTY), meeting('secret'))).toBeUndefined()
    expect(levelKey(person('dispatcher', COUNTY, true, 'a_9'), meeting('secret', 'a_9'))).toBeUndefined()
  })
})
