import { describe, expect, it } from 'vitest'

import type { Item } from '@/features/grid/queue'
import { alikeHere, buildingsOf, freshPerson, missingOf, type NewHousehold, registration } from '@/features/grid/register'
import { correctionOf, saidOf, wantedOf } from '@/features/grid/visit'
import { answerTexts, type Card, doorOf, type FormField, type SaidToday, unsettledOf, type Work } from '@/features/grid/work'

const NOW = Date.parse('2026-11-30T08:00:00Z')
const GRID = '430682115210001'
const temperature: FormField = {
  key: 'temperature', label: '体温', kind: 'number', options: [], unit: '℃', above: 373, each_person: true, required: false, fresh_for: 0, only_when: null,
}
const card = (household: string, more: Partial<Card> = {}): Card => ({
  household, building: 'bd_1', grid: GRID, place: ['1栋', '101'], walk: 1, kind: 'family', note: '', seq: 1, last: {},
  persons: [{ person: 'pe_1', name: '孟某', relation: 'head', birth_year: 1958, sex: '', residence: 'registered', phone: '154 0000 0000' }],
  ...more,
})
const said = (more: Partial<SaidToday> = {}): SaidToday => ({
  seq: 10, sweep: 'sw_1', row: 1, household: 'a', outcome: 'met', seen: 1, at: '2026-11-30T07:00:00Z', offline: false, conflict: false, photos: [],
  answers: { 'temperature@pe_1': '38.6' }, note: '', corrected: [], base: 10, ...more,
})
const work = (more: Partial<Work> = {}): Work => ({
  seq: 9, at: '2026-11-30T07:00:00Z', grids: [{ grid: GRID, name: '一组', village: '430682115210', village_name: '坦渡村', people: [], leads: true }], cards: [card('a')], rows: [], errands: [], tasks: [], lists: [], listRows: [],
  sweeps: [{ sweep: 'sw_1', title: '', due: null, form: [temperature] }], doors: [], said: [], team: [], ...more,
})
const item = (id: string, kind: string, data: object, more: Partial<Item> = {}): Item =>
  ({ id, kind, data, lane: 'a', state: 'waiting', baseOf: null, photos: [], at: NOW, ...more }) as unknown as Item

describe('what was said today', () => {
  it('is put right upon what the hub has, with the answers alone that are other', () => {
    const [line] = saidOf(work({ said: [said()] }), [], 'a')
    if (line?.right === undefined) throw new Error('nothing to put right')
    const now = { outcome: 'met', seen: 2, answers: { 'temperature@pe_1': '36.8' }, note: '' } as const
    const wanted = correctionOf(line.right, now, '看错了', NOW, false, '甲')
    expect(wanted).toMatchObject({ kind: 'visit.correct', lane: 'a', data: { sweep: 'sw_1', row: 1, base: 10, seen: 2, offline: true, answers: { 'temperature@pe_1': '36.8' } } })
    expect(wanted.baseOf).toBeUndefined()
  })

  it('is put right before the hub has heard of it, each time upon the last', () => {
    const visit = item('v', 'visit.record', { household: 'a', outcome: 'met', seen: 1, answers: {}, note: '', occurred_at: '2026-11-30T07:30:00Z' })
    const [first] = saidOf(work(), [visit], 'a')
    expect(first?.right).toMatchObject({ baseOf: 'v', household: 'a', sweep: null })
    const fix = item('c', 'visit.correct', { outcome: 'absent', seen: 0, reason: '点错了' }, { baseOf: 'v' })
    const [second] = saidOf(work(), [visit, fix], 'a')
    expect(second?.right).toMatchObject({ baseOf: 'c', was: { outcome: 'absent', seen: 0 } })
    expect(second?.fixed).toMatchObject([{ outcome: 'absent', reason: '点错了', pending: true }])
  })

  it('is not put right while it can be taken back, was refused, or something newer was said', () => {
    const data = { household: 'a', outcome: 'met', seen: 1, answers: {}, note: '', occurred_at: '2026-11-30T07:30:00Z' }
    for (const state of ['held', 'refused'] as const) expect(saidOf(work(), [item('v', 'visit.record', data, { state })], 'a')[0]?.right).toBeUndefined()
    expect(saidOf(work({ said: [said({ base: 0 })] }), [], 'a')[0]?.right).toBeUndefined()
    // one that waits to be sent counts already
    const fix = item('c', 'visit.correct', { base: 10, outcome: 'absent', seen: 0, reason: '点错了' })
    expect(saidOf(work({ said: [said()] }), [fix], 'a')[0]?.right).toMatchObject({ baseOf: 'c' })
  })

  it('reads as a person says it', () => {
    expect(answerTexts([temperature], card('a'), { 'temperature@pe_1': '36.8' })).toEqual(['孟某 体温：36.8℃'])
  })
})

describe('a household that no sweep asks for', () => {
  it('is visited with what was said of it last, and is nobody else’s', () => {
    const door = { household: 'a', outcome: 'met', base: 7, at: '2026-11-29T08:00:00Z', by: '乙', conflict: false } as const
    const all = work({ doors: [door] })
    const stop = doorOf(all, [], 'a')
    if (stop === undefined) throw new Error('no stop')
    const [wanted] = wantedOf(stop, all, { outcome: 'absent', answers: {}, note: '', photos: [], seconds: 1 }, NOW, true, '甲')
    expect(wanted?.data).toMatchObject({ household: 'a', base: 7, outcome: 'absent', seen: 0, answers: {} })
    expect(wanted?.data).not.toHaveProperty('sweep')
    expect(doorOf(all, [], 'b')).toBeUndefined()
  })

  it('is settled by who answers for its grid, once', () => {
    const door = { household: 'a', outcome: 'met', base: 7, at: '2026-11-29T08:00:00Z', by: '乙', conflict: true } as const
    expect(unsettledOf(work({ doors: [door] }), []).map(({ key }) => key)).toEqual(['a'])
    expect(unsettledOf(work({ doors: [door] }), [item('s', 'visit.settle', { household: 'a', holds: 7 })])).toEqual([])
    const others = [{ grid: GRID, name: '一组', village: '430682115210', village_name: '坦渡村', people: [], leads: false }]
    expect(unsettledOf(work({ doors: [door], grids: others }), [])).toEqual([])
  })
})

describe('a new household', () => {
  const made = (more: Partial<NewHousehold> = {}): NewHousehold => ({
    grid: GRID, building: 'bd_1', buildingName: '', label: '102', kind: 'family', note: '', persons: [{ ...freshPerson(true), name: '秦某' }], ...more,
  })

  it('is held against what this phone has: door, name, telephone', () => {
    const cards = [card('a')]
    const one = { ...freshPerson(true), name: '孟某', phone: '15400000000' }
    expect(alikeHere(cards, made())).toEqual([])
    expect(alikeHere(cards, made({ label: '101' }))[0]?.why).toEqual(['place'])
    expect(alikeHere(cards, made({ persons: [one] }))[0]?.why).toEqual(['phone', 'name'])
    expect(buildingsOf(cards, GRID)).toEqual([{ building: 'bd_1', name: '1栋' }])
  })

  it('needs a door and names, and is one command', () => {
    expect(missingOf(made({ label: ' ' }))).toBe('place')
    expect(missingOf(made({ building: '' }))).toBe('place')
    expect(missingOf(made({ persons: [freshPerson(true)] }))).toBe('name')
    expect(missingOf(made())).toBeUndefined()
    const wanted = registration(made({ building: '', buildingName: '新楼' }), NOW, false, true, '甲')
    expect(wanted).toMatchObject({ kind: 'household.register', data: { grid: GRID, place: { building_name: '新楼', label: '102' }, though: true, offline: true } })
  })
})
