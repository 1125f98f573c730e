// @vitest-environment jsdom
/** Rows of a list in grids: what one may do next, what is shown of how they were found, and who is meant is decided row by row. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import en from '@/features/clearing/grids.en'
import zh from '@/features/clearing/grids.zh'
import { goesOn, leftRows, nextSteps, unanswered, WAYS, waysOf } from '@/features/clearing/inGrids'
import ListCandidates from '@/features/clearing/ListCandidates.vue'
import { makeI18n } from '@/i18n'
import type { ListGrids, ListSearched, UnsureRows } from '@/protocol/types'
import { sessionKey } from '@/state/session'

const api = { call: vi.fn() }
afterEach(() => void api.call.mockReset())

const SEARCH: ListSearched = { state: 'matched', scope: '430682115210', done: 6, rows: 6, name: '李某', begun_at: '2026-11-30T01:00:00Z', ended_at: '2026-11-30T01:00:02Z', why: null }
const told = (more: Partial<ListGrids> = {}): ListGrids => ({
  clearing: 'li_1', center: '430682115210', center_name: '坦渡村', search: null, ways: {}, ready: 0, given: 0, rows: 6, left: 6, villages: 1, grids: [], own: null, can_share: true, seq: 1, at: '2026-11-30T01:00:00Z', ...more,
})

describe('the rows of a list in grids', () => {
  it.each([
    ['nothing was looked for', {}, ['search']],
    ['something was found', { search: SEARCH, ready: 4 }, ['share', 'again']],
    ['all lies with grids', { search: SEARCH, given: 6 }, []],
    ['the rest has been checked by the village', { search: SEARCH, given: 4, left: 0 }, []],
    ['the hub looks just now', { search: { ...SEARCH, ended_at: null }, ready: 4 }, []],
    ['there are no grids', { villages: 0 }, []],
    ['one only reads', { can_share: false, search: SEARCH, ready: 4 }, []],
  ] as const)('where %s', (_, more, steps) => {
    expect(nextSteps(told(more))).toEqual(steps)
  })

  it('are not left with a grid that nobody walks: what is unchecked there goes back, a hundred at a time', async () => {
    const counts = { total: 240, normal: 20, abnormal: 5, absent: 0, moved: 0, passed: 0 }
    const line = { grid: 'g', name: '一组', people: [], counts }
    expect([unanswered(line), unanswered({ ...line, people: [{ account: 'a', name: '李某', leads: false, cleared: 25 }] })]).toEqual([215, 0])
    const page = (from: number, to: number, next: number | null) => ({ rows: Array.from({ length: to - from }, (_, at) => ({ number: from + at, outcome: from + at <= 25 ? 'normal' : null })), next })
    api.call.mockResolvedValueOnce(page(1, 201, 200)).mockResolvedValueOnce(page(201, 241, null))
    const pieces = await leftRows(api, 'li_1', '430682115210', 'g')
    expect(pieces.map((piece) => piece.length)).toEqual([100, 100, 15])
    expect(pieces.flat()).toEqual(Array.from({ length: 215 }, (_, at) => at + 26))
    expect(api.call).toHaveBeenLastCalledWith('GET', expect.stringContaining('after=200') as string)
  })

  it('are told of by how they were found, and what is left for people stands last', () => {
    const found = waysOf(told({ ways: { none: 3, phone: 1, number: 2 } }))
    expect(found).toEqual([{ way: 'number', rows: 2 }, { way: 'phone', rows: 1 }, { way: 'none', rows: 3 }])
    expect(goesOn(told({ search: { ...SEARCH, ended_at: null } }))).toBe(true)
    expect(Object.keys(zh.ways).sort()).toEqual([...WAYS].sort())
    expect(Object.keys(en.ways)).toEqual(Object.keys(zh.ways))
  })
})

describe('who is meant', () => {
  const household = { household: 'hh_1', grid: '430682115210001', building: 'bd_1', house: 'ho_1', walk: 1, kind: 'family', state: 'here', seq: 0, grid_name: '一组', center: '430682115210', center_name: '坦渡村', place: ['1栋', '101'], note: '', masked: true, late: [], can: [],
    persons: [{ person: 'pe_1', name: '吴••', number: '', number_kind: 'id', phone: '', birth: '1975', sex: 'f', relation: 'head', residence: 'registered', note: '', left_at: null }] } as const
  const page = {
    columns: [{ name: '姓名', role: 'personal' }], center: '430682115210', next: null, seq: 1,
    rows: [{ row: { number: 5, source: 6, grid: null, outcome: null, trouble: null, at: null, values: ['吴•••'], masked: true, text: null, written: false, same: [], elsewhere: 0 }, candidates: [{ household, person: 'pe_1', score: 94, why: ['name', 'birth'] }] }],
  } as unknown as UnsureRows

  const open = async () => {
    const box = mount(ListCandidates, { props: { id: 'li_1', center: { center: '430682115210', name: '坦渡村' } }, global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: { api } } } })
    await flushPromises()
    return box
  }

  it.each([['candidate-is-pe_1', 'hh_1', '一组'], ['candidate-nobody-5', null, zh.ways.back]] as const)('is decided by a key (%s), and shown at the row', async (key, household, shown) => {
    api.call.mockResolvedValueOnce(page).mockResolvedValueOnce({ grid: null, seq: 2 })
    const box = await open()
    expect(box.text()).toContain(zh.candidates.why.birth)
    await box.get(`[data-testid=${key}]`).trigger('click')
    await flushPromises()
    expect(api.call).toHaveBeenLastCalledWith('POST', '/clearings/li_1/rows/5/household', { id: expect.any(String) as string, household })
    expect(box.get('[data-testid=candidates-5]').text()).toContain(shown)
    expect(box.emitted('decided')).toHaveLength(1)
  })

  it('is not decided where the hub refuses, which is said', async () => {
    api.call.mockResolvedValueOnce(page).mockRejectedValueOnce(new Error('away'))
    const box = await open()
    await box.get('[data-testid=candidate-is-pe_1]').trigger('click')
    await flushPromises()
    expect(box.find('[role=alert]').exists()).toBe(true)
    expect(box.find('[data-testid=candidate-is-pe_1]').exists()).toBe(true)
  })
})
