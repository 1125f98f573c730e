// @vitest-environment jsdom
/** Two members at the same door, neither of whom knew of the other: the village and the grid leader's phone show both, and one is chosen. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'

import type { Phone } from '@/features/grid/phone'
import SettleView from '@/features/grid/SettleView.vue'
import { type Card, unsettledOf, type Work } from '@/features/grid/work'
import RowsDrawer from '@/features/sweeps/RowsDrawer.vue'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { Answer, SweepRowTold, SweepTold, VisitTold } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { shellKey } from '@/state/shell'

enableAutoUnmount(afterEach)

const GRID = '430682115210001'
const FORM = [{ key: 'need', label: '需要帮助', kind: 'choice', options: [{ value: 'food', label: '买菜送餐', flag: null }], unit: '', above: null, each_person: false, required: false, fresh_for: 0, only_when: null }]
const sweep = { id: 'sw_1', title: '入户走访', form: FORM } as unknown as SweepTold
const visit = (seq: number, more: Partial<VisitTold>): VisitTold => ({
  seq, id: `vi_${String(seq)}`, sweep: 'sw_1', row: 3, grid: GRID, outcome: 'absent', seen: 0, at: '2026-11-30T01:00:00Z', recorded_at: '2026-11-30T03:00:00Z', account: 'ac_1', by: '云某', offline: true,
  late: false, conflict: false, seconds: 0, flags: [], photos: [], found: null, answers: null, note: '', holds: false, corrected: [], ...more,
})
/** What was said first was put right by entry 12; it counts until somebody says otherwise. */
const FIRST = visit(10, { holds: true, corrected: [{ seq: 12 }] as unknown as VisitTold['corrected'] })
const SECOND = visit(11, { outcome: 'met', seen: 3, by: '吴某', account: 'ac_2', conflict: true, answers: { need: 'food' }, note: '孩子从外地回来' })
const row = (conflict: boolean): SweepRowTold =>
  ({ row: 3, household: 'hh_1', grid: GRID, names: ['孟某'], place: ['1栋', '101'], persons: 3, seen: 0, outcome: 'absent', tries: 1, next: 'again', base: 12, conflict, at: '2026-11-30T01:00:00Z', by: '云某' }) as unknown as SweepRowTold

describe('on the village’s page', () => {
  let settled: unknown
  beforeEach(() => (settled = undefined))
  function show(can: string[]) {
    const fetch = async (path: string): Promise<Response> => {
      const conflict = settled === undefined
      const visits = conflict ? [SECOND, FIRST] : [{ ...SECOND, holds: true }, { ...FIRST, holds: false }]
      return Promise.resolve(Response.json(path.includes('/rows/3') ? { visits, row: row(conflict) } : { rows: conflict ? [row(true)] : [], next: null, seq: 12 }))
    }
    const live = {
      can: shallowRef(new Set(can)),
      command: async (kind: string, data: unknown): Promise<Answer> => {
        settled = [kind, data]
        return Promise.resolve({ entries: [], seq: 13 } as unknown as Answer)
      },
    }
    return mount(RowsDrawer, {
      props: { sweep, name: '坦渡村', center: '430682115210', outcome: 'conflict' },
      global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: makeSession(new Api(fetch)), [shellKey as symbol]: { live } }, stubs: { SideDrawer: { template: '<div><slot /></div>' } } },
    })
  }

  it('both are side by side with what each says, and the one that is chosen counts', async () => {
    const page = show(['visit.settle'])
    await flushPromises()
    expect(page.get('.word').text()).toBe('待确认')
    await page.get('[data-testid="sweep-row-3"]').trigger('click')
    await flushPromises()
    const [second, first] = page.findAll('article')
    expect(page.get('[data-testid="visits"]').classes()).toContain('side')
    expect(first?.text()).toContain('现在计入')
    expect(second?.text()).toContain('未知晓对方的登记')
    expect(second?.text()).toContain('离线登记')
    expect(second?.text()).toContain('买菜送餐')
    expect(second?.text()).toContain('孩子从外地回来')
    await page.get('[data-testid="settle-11"]').trigger('click')
    await flushPromises()
    expect(settled).toEqual(['visit.settle', { sweep: 'sw_1', row: 3, holds: 11 }])
    expect(page.emitted('changed')).toHaveLength(1)
    expect(page.text()).toContain('没有')
  })

  it('what counts so far is confirmed as it was put right', async () => {
    const page = show(['visit.settle'])
    await flushPromises()
    await page.get('[data-testid="sweep-row-3"]').trigger('click')
    await flushPromises()
    await page.get('[data-testid="settle-10"]').trigger('click')
    expect(settled).toEqual(['visit.settle', { sweep: 'sw_1', row: 3, holds: 12 }])
  })

  it('who may not choose sees both, and has no key', async () => {
    const page = show([])
    await flushPromises()
    await page.get('[data-testid="sweep-row-3"]').trigger('click')
    await flushPromises()
    expect(page.findAll('article')).toHaveLength(2)
    expect(page.find('[data-testid^="settle-"]').exists()).toBe(false)
  })
})

describe('on the grid leader’s phone', () => {
  it('it waits to be settled, both are shown, and the choice goes into the queue of its household', async () => {
    const add = vi.fn(async () => Promise.resolve({ id: 'c_1', smaller: 0, leftOut: 0 }))
    const card: Card = { household: 'hh_1', building: 'bd_1', grid: GRID, place: ['1栋', '101'], walk: 1, kind: 'family', note: '', seq: 1, last: {}, persons: [] }
    const work = {
      seq: 12, grids: [{ grid: GRID, name: '一组', leads: true }], cards: [card], sweeps: [{ sweep: 'sw_1', title: '', due: null, form: FORM }], doors: [], errands: [], tasks: [], said: [], team: [],
      rows: [{ sweep: 'sw_1', row: 3, household: 'hh_1', outcome: 'absent', tries: 1, next: 'again', base: 12, conflict: true }],
    } as unknown as Work
    const [waits] = unsettledOf(work, [])
    expect(waits?.card.household).toBe('hh_1')
    const fetch = async (): Promise<Response> => Promise.resolve(Response.json({ visits: [SECOND, FIRST], row: row(true) }))
    const phone = { hub: { api: new Api(fetch) }, add } as unknown as Phone
    const page = mount(SettleView, { props: { phone, work, card, row: waits?.row } })
    await flushPromises()
    expect(page.findAll('section').map((one) => one.text())).toEqual([expect.stringContaining('需要帮助：买菜送餐'), expect.stringContaining('目前计入')])
    await page.get('[data-testid="settle-11"] [data-testid="settle-choose"]').trigger('click')
    await flushPromises()
    expect(add).toHaveBeenCalledWith(expect.objectContaining({ kind: 'visit.settle', lane: 'hh_1', data: { sweep: 'sw_1', row: 3, holds: 11 } }))
    expect(page.emitted('back')).toHaveLength(1)
  })
})
