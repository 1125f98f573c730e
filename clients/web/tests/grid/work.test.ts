import { describe, expect, it } from 'vitest'

import type { Item } from '@/features/grid/queue'
import { wantedOf } from '@/features/grid/visit'
import { type Card, type FormField, isAbnormal, mustAsk, questionsOf, type Row, stopsOf, type Work } from '@/features/grid/work'

const NOW = Date.parse('2026-11-30T08:00:00Z')
const field = (key: string, more: Partial<FormField> = {}): FormField => ({
  key, label: key, kind: 'choice', options: [], unit: '', above: null, each_person: false, required: false, fresh_for: 0, only_when: null, ...more,
})
const card = (household: string, walk: number, last: Card['last'] = {}): Card => ({
  household, building: 'bd_1', grid: '430682115210001', place: ['1栋'], walk, kind: 'family', note: '', seq: 1, last,
  persons: [{ person: 'pe_1', name: '孟某', relation: 'head', birth_year: 1958, sex: '', residence: 'registered', phone: '' }],
})
const row = (household: string, more: Partial<Row> = {}): Row => ({ sweep: 'sw_1', row: 1, household, outcome: null, tries: 0, next: 'visit', base: 0, conflict: false, ...more })
const work = (cards: Card[], rows: Row[], form: FormField[] = []): Work => ({
  seq: 9, at: '2026-11-30T07:00:00Z', grids: [], cards, rows, errands: [], tasks: [], lists: [], listRows: [], doors: [], said: [], team: [], sweeps: [{ sweep: 'sw_1', title: '', due: null, form }],
})
const item = (lane: string, outcome: string, state: Item['state'] = 'waiting'): Item =>
  ({ lane, state, data: { outcome } }) as unknown as Item

describe('the day of a phone', () => {
  it('walks in order, tries again at the end, and puts first what was refused', () => {
    const day = work(
      [card('a', 3), card('b', 1), card('c', 2), card('d', 4)],
      [row('a'), row('b', { next: 'again', tries: 1 }), row('c', { next: 'none', outcome: 'met' }), row('d')],
    )
    expect(stopsOf(day, []).map(({ key }) => key)).toEqual(['a', 'd', 'b', 'c'])
    expect(stopsOf(day, [item('d', 'met', 'refused')]).map(({ key, next }) => [key, next])[0]).toEqual(['d', 'visit'])
  })

  it('knows what this phone has said before the hub does, and keeps its place while it can be taken back', () => {
    const day = work([card('a', 1), card('b', 2)], [row('a'), row('b')])
    expect(stopsOf(day, [item('a', 'unchanged', 'held')]).map(({ key, next }) => [key, next])).toEqual([['a', 'done'], ['b', 'visit']])
    expect(stopsOf(day, [item('a', 'unchanged')]).map(({ key }) => key)).toEqual(['b', 'a'])
    expect(stopsOf(day, [item('a', 'absent')]).map(({ key, next }) => [key, next])).toEqual([['b', 'visit'], ['a', 'again']])
  })

  it('asks nothing that is fresh, and what depends on an answer once it fits', () => {
    const form = [
      field('origin', { fresh_for: 7, required: true }),
      field('symptom', { each_person: true, required: true }),
      field('temperature', { kind: 'number', each_person: true, above: 373, only_when: { key: 'symptom', values: ['fever'] } }),
    ]
    const asks = (last: Card['last'], answers = {}): string[] => questionsOf(form, card('a', 1, last), answers, NOW).map(({ key }) => key)
    expect(asks({})).toEqual(['origin', 'symptom@pe_1'])
    const known = { origin: { value: 'no', at: '2026-11-25T08:00:00Z' }, 'symptom@pe_1': { value: 'well', at: '2026-11-29T08:00:00Z' } }
    expect(asks(known)).toEqual(['symptom@pe_1'])
    expect(asks({ ...known, origin: { value: 'no', at: '2026-11-22T08:00:00Z' } })).toEqual(['origin', 'symptom@pe_1'])
    expect(asks(known, { 'symptom@pe_1': 'fever' })).toEqual(['symptom@pe_1', 'temperature@pe_1'])
    // where all was answered before, nothing stands in the way of 无变化
    expect(mustAsk(questionsOf(form, card('a', 1, known), {}, NOW))).toEqual([])
    expect(mustAsk(questionsOf(form, card('a', 1), {}, NOW))).toHaveLength(2)
  })

  it('sees what somebody has to look at', () => {
    const temperature = field('temperature', { kind: 'number', above: 373 })
    expect(['37.2', '37.3', '38', 'x', ''].map((value) => isAbnormal(temperature, value))).toEqual([false, true, true, false, false])
    const choice = field('symptom', { options: [{ value: 'fever', label: '', flag: 'symptom' }, { value: 'well', label: '', flag: null }] })
    expect(['fever', 'well'].map((value) => isAbnormal(choice, value))).toEqual([true, false])
  })

  it('says one thing of each row that is open, and what goes with it once', () => {
    const form = [field('need')]
    const both = { ...work([card('a', 1)], [row('a', { base: 4 }), row('a', { sweep: 'sw_2', row: 8 }), row('a', { sweep: 'sw_3', next: 'none' })], form) }
    const [stop] = stopsOf(both, [])
    if (stop === undefined) throw new Error('no stop')
    const photo = { name: '1.jpg', type: 'image/jpeg', bytes: new ArrayBuffer(3) }
    const said = { outcome: 'met', answers: { need: 'food', origin: 'no' }, note: '', photos: [photo], seconds: 4.4 } as const
    const wanted = wantedOf(stop, both, said, NOW, false, '甲', 5000)
    expect(wanted.map(({ data, photos }) => [data['sweep'], data['base'], data['answers'], data['offline'], photos?.length ?? 0])).toEqual([
      ['sw_1', 4, { need: 'food' }, true, 1],
      ['sw_2', 0, {}, true, 0],
    ])
    expect(wanted[0]).toMatchObject({ lane: 'a', holdMs: 5000, data: { seen: 1, seconds: 4, occurred_at: '2026-11-30T08:00:00.000Z' } })
  })
})
