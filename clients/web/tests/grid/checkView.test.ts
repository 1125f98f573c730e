// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { computed, shallowRef } from 'vue'

import CheckView from '@/features/grid/CheckView.vue'
import { type Check, checksOf, checkWanted, type ListRow } from '@/features/grid/listRows'
import type { Phone } from '@/features/grid/phone'
import type { Item, Wanted } from '@/features/grid/queue'
import type { Day } from '@/features/grid/useDay'
import { type Row, stopsOf } from '@/features/grid/work'

import { asked, cardOf, itemOf, NOW, rowOf, workOf } from '../support/phoneLists'


describe('the card of a row', () => {
  const card = cardOf('a', 1)
  function shown(row: ListRow, { items = [], visits = [asked('a')] }: { items?: Item[]; visits?: Row[] } = {}) {
    const work = workOf({ cards: [card], rows: visits, listRows: [row] })
    const added: Wanted[] = []
    const stops = stopsOf(work, items)
    const day = { stops: computed(() => stops), now: shallowRef(NOW), heldOf: (key: string) => items.filter((item) => item.lane === key && item.state === 'held'), secondsLeft: () => 5 } as unknown as Day
    const phone = { onLine: shallowRef(false), hub: { places: vi.fn() }, add: async (wanted: Wanted) => Promise.resolve(added.push(wanted)) } as unknown as Phone
    const [check] = checksOf(work, items, NOW)
    return { view: mount(CheckView, { props: { phone, check: check as Check, day, work } }), added }
  }
  const key = (name: string) => `[data-testid="${name}"]`

  it('shows what the list allows, with the telephone to be called, and the household beside', () => {
    const { view } = shown(rowOf(1, { household: 'a' }))
    expect(view.findAll('dt').map((one) => one.text())).toEqual(['姓名', '电话', '来源'])
    expect(view.find(key('check-call')).attributes('href')).toBe('tel:13900000099')
    expect(view.find(key('check-home')).text()).toContain('孟某')
    expect(shown(rowOf(1, { phone: '' })).view.find(key('check-call')).exists()).toBe(false)
    expect(shown(rowOf(1)).view.find(key('check-home')).exists()).toBe(false)
  })

  it('is told of by one key, with what was written; something abnormal says what', async () => {
    const { view, added } = shown(rowOf(1))
    await view.find(key('check-note')).setValue(' 问过邻居 ')
    await view.find(key('check-abnormal')).trigger('click')
    await view.find(key('check-report')).trigger('click')
    expect([added.length, view.find('[role=alert]').exists()]).toEqual([0, true])
    await view.find(key('trouble-ill')).trigger('click')
    await view.find(key('check-report')).trigger('click')
    expect(added.map(({ data, lane, holdMs }) => [data['outcome'], data['trouble'], data['text'], lane, holdMs])).toEqual([['abnormal', 'ill', '问过邻居', 'li_1 1', 5000]])
    const away = shown(rowOf(2))
    await away.view.find(key('check-moved')).trigger('click')
    await away.view.find(key('moved-outside')).trigger('click')
    expect(away.added.map(({ data }) => [data['outcome'], data['to']])).toEqual([['moved', null]])
  })

  it('does row and visit by one key where nothing must be asked at its household', async () => {
    const { view, added } = shown(rowOf(1, { household: 'a' }))
    await view.find(key('check-both')).trigger('click')
    await vi.waitFor(() => { expect(added.map(({ kind, data }) => [kind, data['outcome']])).toEqual([['clearing.report', 'normal'], ['visit.record', 'unchanged']]) })
    expect(shown(rowOf(1, { household: 'a' }), { visits: [asked('a', { next: 'none', outcome: 'met' })] }).view.find(key('check-both')).exists()).toBe(false)
    expect(shown(rowOf(1)).view.find(key('check-both')).exists()).toBe(false)
  })

  it('says what was told, and lets it be told anew', async () => {
    const { view } = shown(rowOf(1, { outcome: 'abnormal', trouble: 'ill', text: '发热' }))
    expect([view.find(key('check-normal')).exists(), view.text().includes('发热')]).toEqual([false, true])
    await view.find(key('check-change')).trigger('click')
    expect(view.find(key('check-normal')).exists()).toBe(true)
    const held = itemOf(checkWanted(rowOf(1), { outcome: 'normal' }, '', 5000), { state: 'held' })
    expect(shown(rowOf(1), { items: [held] }).view.find(key('check-undo-one')).exists()).toBe(true)
  })
})
