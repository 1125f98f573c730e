/** Incidents and decisions on the pages: who may do what, what is late, how an address narrows the ledger, how far orders are. */
import { describe, expect, it } from 'vitest'

import { isAmended, mayAmend, progressOf } from '@/features/decisions/progress'
import { fieldsOf, noFields, sentFields } from '@/features/incidents/fields'
import { stepsFor } from '@/features/incidents/may'
import { dueWords, isLate, markOf } from '@/features/incidents/says'
import { queryOf, shownOf } from '@/features/incidents/wanted'
import type { Account, Decision, Incident, IncidentState, Order, Snapshot } from '@/protocol/types'

const CITY = { center: '430600000000', name: '岳阳市' }
const COUNTY = { center: '430682000000', name: '临湘市' }
const NOW = Date.parse('2026-11-23T08:00:00Z')

function incident(state: IncidentState, more: Partial<Incident> = {}): Incident {
  return {
    id: 'i_000000000000000001', number: '2026-0001', kind: 'incident', title: '水位上涨', text: '', category: 'flood', place: '', site: null, urgency: 'normal', source: 'report', about: null, meeting: null,
    attachments: [], due: null, state, overdue_at: null, responsible: COUNTY, checker: CITY, taken_by: CITY, by: { account: 'a', name: '王某', center: CITY.center, center_name: CITY.name }, main: null,
    returned: 0, reopened: 0, registered_at: '2026-11-23T07:00:00Z', changed_at: '2026-11-23T07:00:00Z', closed_at: null, ...more,
  }
}
function person(role: Account['role'], { center, name }: typeof CITY): Pick<Account, 'role' | 'center'> {
  return { role, center: { code: center, name, level: 'city', parent: null, path: [name] } }
}
const all = () => true
const only = (one: typeof CITY) => ({ center }: typeof CITY) => center === one.center

describe('the keys of an incident', () => {
  it('are those of who asked, of who has it, and of nobody else', () => {
    const city = person('leader', CITY)
    const county = person('dispatcher', COUNTY)
    expect(stepsFor(incident('routed'), county, only(COUNTY))).toEqual(['acknowledge', 'study', 'route', 'join', 'change'])
    expect(stepsFor(incident('handling'), county, only(COUNTY))).toEqual(['study', 'route', 'note', 'complete', 'join', 'change'])
    expect(stepsFor(incident('handling'), city, all)).toEqual(['study', 'route', 'join', 'change'])
    expect(stepsFor(incident('completed'), city, all)).toEqual(['study', 'close', 'return', 'join', 'change'])
    expect(stepsFor(incident('completed'), county, only(COUNTY))).not.toContain('close')
    expect(stepsFor(incident('closed'), city, all)).toEqual(['reopen'])
    expect(stepsFor(incident('joined'), city, all)).toEqual(['separate'])
    expect(stepsFor(incident('handling'), person('clerk', CITY), all)).toEqual([])
  })
  it('are three and the way back for the station that has it', () => {
    const station = person('station', COUNTY)
    expect(stepsFor(incident('routed'), station, only(COUNTY))).toEqual(['acknowledge', 'route'])
    expect(stepsFor(incident('handling'), station, only(COUNTY))).toEqual(['route', 'note', 'complete'])
  })
})

describe('what is late', () => {
  const t = (key: string, words: Record<string, string | number>): string => `${key} ${Object.values(words).join()}`
  it('is due and not reported done', () => {
    const due = '2026-11-23T07:00:00Z'
    expect(isLate(incident('handling', { due }), NOW)).toBe(true)
    expect(isLate(incident('completed', { due }), NOW)).toBe(false)
    expect(isLate(incident('handling'), NOW)).toBe(false)
    expect(markOf(incident('routed', { due }), NOW)).toBe('overdue')
    expect(dueWords(incident('handling', { due }), NOW, t)).toBe('list.overdue times.hours 1')
    expect(dueWords(incident('handling', { due: '2026-11-23T08:20:00Z' }), NOW, t)).toBe('list.left times.minutes 20')
    expect(dueWords(incident('closed', { due }), NOW, t)).toBe('')
  })
})

describe('an address', () => {
  it('narrows the ledger; what makes no sense is passed over', () => {
    expect(queryOf({}, CITY.center)).toEqual({ state: 'open' })
    expect(queryOf({ show: 'late', kind: 'appeal', center: COUNTY.center, q: ' 河 ' }, CITY.center)).toEqual({ late: '1', kind: 'appeal', center: COUNTY.center, q: '河' })
    expect(queryOf({ show: 'checks' }, CITY.center)).toEqual({ state: 'completed', checker: CITY.center })
    expect(queryOf({ show: 'mine' }, CITY.center)).toMatchObject({ responsible: CITY.center })
    expect(queryOf({ show: 'all', kind: 'x', category: 'y', urgency: ['normal'], center: '1', from: '2026-99-99' }, CITY.center)).toEqual({})
    expect(shownOf({ show: 'nonsense' })).toBe('open')
  })
})

describe('the form', () => {
  it('sends what was written, and a date that was not touched to the second', () => {
    const due = '2026-11-23T07:00:31.000000Z'
    const before = incident('handling', { due })
    expect(sentFields(fieldsOf(before), before).due).toBe(due)
    expect(sentFields({ ...fieldsOf(before), due: '' }, before).due).toBeNull()
    expect(sentFields({ ...noFields(), title: ' 路灯 ' })).toMatchObject({ title: '路灯', due: null, category: 'other' })
  })
})

describe('how far a decision is carried out', () => {
  it('is counted from the targets of the orders that are about it', () => {
    const order = (id: string, states: readonly string[]): Order => ({ about: { what: 'decision', id }, targets: states.map((state) => ({ state })) }) as unknown as Order
    const orders = [order('d_1', ['issued', 'signed', 'completed']), order('d_1', ['accepted', 'delivered']), order('d_2', ['completed'])]
    expect(progressOf({ id: 'd_1' }, orders)).toEqual({ count: 2, of: 5, signed: 3, completed: 2 })
    expect(progressOf({ id: 'd_3' }, orders)).toEqual({ count: 0, of: 0, signed: 0, completed: 0 })
  })
  it('is amended by a later one that is confirmed, and by no draft', () => {
    const later = (state: 'draft' | 'confirmed'): Decision => ({ id: 'd_2', amends: 'd_1', state }) as Decision
    expect(isAmended({ id: 'd_1' }, [later('draft')])).toBe(false)
    expect(isAmended({ id: 'd_1' }, [later('confirmed')])).toBe(true)
    expect(isAmended({ id: 'd_2' }, [later('confirmed')])).toBe(false)
    // told with the old one itself, the new one need not be at hand
    expect(isAmended({ id: 'd_1', amended_by: 'd_9' }, [])).toBe(true)
  })
})

describe('what a meeting decided is amended after it', () => {
  const convener = { id: 'a_1', center: COUNTY.center } as Snapshot['convener']
  const who = (role: Account['role'], center: string, id = 'a_2'): Pick<Account, 'id' | 'role' | 'center'> => ({ id, role, center: { code: center } as Account['center'] })
  const below = [{ code: COUNTY.center }, { code: '430682115210' }]

  it('by who convened it, and who commands him; while it runs, in it', () => {
    const over = { state: 'ended', convener } as const
    expect(mayAmend(over, who('dispatcher', COUNTY.center, 'a_1'), below)).toBe(true)
    expect(mayAmend(over, who('leader', COUNTY.center), below)).toBe(true)
    expect(mayAmend(over, who('dispatcher', COUNTY.center), below)).toBe(false)
    expect(mayAmend(over, who('dispatcher', CITY.center), [{ code: CITY.center }, ...below])).toBe(true)
    expect(mayAmend(over, who('clerk', COUNTY.center), below)).toBe(false)
    expect(mayAmend(over, who('leader', '430682115210'), [{ code: '430682115210' }])).toBe(false)
    expect(mayAmend({ state: 'open', convener }, who('leader', COUNTY.center), below)).toBe(false)
  })
})
