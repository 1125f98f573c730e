// @vitest-environment jsdom
/** Tours as people see them: who is next, the line with its keys, the list, how one is set up, what came of it. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { facesOf, leftOf, listedOf, moved, nextOf, partOf, stepNames } from '@/features/tours/going'
import HandOrder from '@/features/tours/HandOrder.vue'
import { historyOf } from '@/features/tours/history'
import record from '@/features/tours/record'
import TourListSheet from '@/features/tours/TourListSheet.vue'
import TourSeen from '@/features/tours/TourSeen.vue'
import TourSheet from '@/features/tours/TourSheet.vue'
import TourStrip from '@/features/tours/TourStrip.vue'
import { isOfRun } from '@/features/record'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import type { Answer, Center, Participant, Tour, TourList } from '@/protocol/types'
import type { Live } from '@/state/live'

vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {
      // jsdom has no layout
    }
    disconnect(): void {
      // jsdom has no layout
    }
  },
)
const global = { plugins: [makeI18n()] }
const AT = '2026-11-23T08:00:00.000000Z'
const NOW = Date.parse('2026-11-23T08:00:04Z')
const by = { account: 'a_9', name: '张某', center: '9', center_name: '岳阳市' }
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const live = { socket: { on: () => () => undefined } } as unknown as Live
const nameOf = (code: string): string => `中心${code}`
const tour = (more: Partial<Tour> = {}): Tour => ({
  tour: 'j_1', kind: 'own', state: 'running', rests: null, by, viewer: 'a_9', begun_at: AT, seconds: 10, grid: null, to: 'all', place: 1, centers: ['1'], shown: ['a_1'], since: AT,
  until: '2026-11-23T08:00:10.000000Z', left_ms: null, steps: 1, ...more,
})
const list: TourList = { centers: ['1', '2', '3', '4'], passed: ['2'] }
const here = new Map([['1', 'a_1'], ['3', 'a_3'], ['4', 'a_4']])
const person = (id: string, center: string, role: Participant['role'], state: Participant['state'] = 'joined'): Participant =>
  ({ id, center, role, state, name: id, center_name: nameOf(center), level: 'village', muted: false, joined_at: AT, left_at: null }) as Participant
const center = (code: string, level: Center['level'], parent: string | null): Center => ({ code, name: nameOf(code), level, parent, pinyin: '' }) as unknown as Center
const CENTERS = [center('9', 'city', null), center('1', 'county', '9'), center('2', 'county', '9'), center('3', 'village', '1')]

afterEach(() => {
  document.body.innerHTML = ''
})

describe('who is next', () => {
  it('is the first in the list that is here, around its end, as the hub will have it', () => {
    expect(nextOf(tour(), list, here)).toEqual(['3'])
    expect(nextOf(tour({ place: 4, centers: ['4'] }), list, here)).toEqual(['1'])
    expect(nextOf(tour(), list, new Map([['1', 'a_1']]))).toEqual([])
    expect(nextOf(tour({ centers: [], shown: [], place: 3 }), list, here)).toEqual(['3'])
    expect(nextOf(tour({ kind: 'mosaic', grid: '4', centers: ['1', '3', '4'] }), list, here)).toEqual([])
  })

  it('is shown for a center by its station, and never to himself', () => {
    const people = [person('a_1', '1', 'leader'), person('a_2', '1', 'station'), person('a_3', '3', 'station', 'left'), person('a_9', '9', 'leader')]
    expect([...facesOf(people, null)]).toEqual([['1', 'a_2'], ['9', 'a_9']])
    expect([...facesOf(people, 'a_9')]).toEqual([['1', 'a_2']])
  })

  it('comes when the time is up', () => {
    expect(leftOf(tour(), NOW)).toBe(6_000)
    expect(leftOf(tour({ until: null }), NOW)).toBeUndefined()
    expect([partOf(tour(), NOW), partOf(tour({ until: null }), NOW)]).toEqual([0.4, 0])
  })

  it('stands in the list with a word for each', () => {
    expect(listedOf(tour(), list, here).map(({ state }) => state)).toEqual(['shown', 'passed', 'here', 'here'])
    expect(listedOf(tour(), { ...list, passed: [] }, here)[1]?.state).toBe('absent')
  })
})

describe('the line', () => {
  const props = { actions: silent, list, here, leads: true, keyed: true, now: NOW, nameOf }

  it('says who is shown, who is next, when, and who was passed over', () => {
    const page = mount(TourStrip, { global, props: { ...props, tour: tour() } })
    expect(page.text()).toContain('正在看 中心1')
    expect(page.text()).toContain('第 1 家，共 4 家')
    expect(page.text()).toContain('下一个 中心3')
    expect(page.text()).toContain('0:06 后切换 · 跳过 1')
    expect(page.get('[title]').attributes('title')).toBe('中心2')
  })

  it('says why it rests, and why it waits', () => {
    const rests = mount(TourStrip, { global, props: { ...props, tour: tour({ state: 'paused', rests: 'taken_over', until: null }) } })
    expect(rests.get('[data-testid=tour-next-says]').text()).toBe('已暂停：主画面被手动切换')
    expect(rests.get('[data-testid=tour-now]').text()).toBe('停在 中心1')
    const alone = mount(TourStrip, { global, props: { ...props, here: new Map([['1', 'a_1']]), tour: tour({ until: null }) } })
    expect(alone.text()).toContain('没有别的中心在会，等待到会')
    const nobody = mount(TourStrip, { global, props: { ...props, here: new Map(), tour: tour({ until: null, centers: [], shown: [] }) } })
    expect(nobody.text()).toContain('没有中心在会，等待到会')
  })

  it('stands still while the meeting is paused, says for how long it goes on, and can be kept from that', async () => {
    const page = mount(TourStrip, { global, props: { ...props, tour: tour({ state: 'paused', rests: 'meeting', until: null, left_ms: 8_000 }) } })
    expect(page.get('[data-testid=tour-next-says]').text()).toBe('随会议暂停')
    expect(page.text()).toContain('继续后再看 0:08 · 跳过 1')
    await page.get('[data-testid=tour-pause]').trigger('click')
    expect(page.emitted('pause')).toHaveLength(1)
    expect(page.find('[data-testid=tour-resume]').exists()).toBe(false)
  })

  it('has its keys for who leads it, and no keys for who looks on', async () => {
    const page = mount(TourStrip, { global, props: { ...props, tour: tour() } })
    for (const does of ['back', 'pause', 'next', 'stay', 'stop', 'list']) await page.get(`[data-testid=tour-${does}]`).trigger('click')
    expect(Object.keys(page.emitted())).toEqual(expect.arrayContaining(['back', 'pause', 'next', 'stay', 'stop', 'list']))
    const looks = mount(TourStrip, { global, props: { ...props, leads: false, tour: tour({ kind: 'broadcast', viewer: null }) } })
    expect(looks.find('[data-testid=tour-stop]').exists()).toBe(false)
    expect(looks.text()).toContain('张某 发起')
  })
})

describe('the list', () => {
  it('goes to one who is here', async () => {
    const page = mount(TourListSheet, { global, props: { actions: silent, tour: tour(), list, here, leads: true, nameOf } })
    expect(page.get('[data-testid=tour-row-2]').text()).toContain('不在会，已跳过')
    expect(page.find('[data-testid=tour-go-2]').exists()).toBe(false)
    await page.get('[data-testid=tour-go-3]').trigger('click')
    expect(page.emitted('go')).toEqual([['3']])
  })

  it('has how long each is shown, for who leads it to change, also where another page set a time that is not offered', async () => {
    const page = mount(TourListSheet, { global, props: { actions: silent, tour: tour({ seconds: 45 }), list, here, leads: true, nameOf } })
    const pace = page.get<HTMLSelectElement>('[data-testid=tour-pace]')
    expect(pace.element.value).toBe('45')
    await pace.setValue('20')
    expect(page.emitted('pace')).toEqual([[20]])
    const looks = mount(TourListSheet, { global, props: { actions: silent, tour: tour(), list, here, leads: false, nameOf } })
    expect(looks.find('[data-testid=tour-pace]').exists()).toBe(false)
  })
})

describe('an order of one\'s own', () => {
  it('is made by keys, which keep the focus with the one that moves', async () => {
    expect(moved(['1', '2', '3'], 2, 0)).toEqual(['3', '1', '2'])
    expect(moved(['1', '2'], 0, -1)).toEqual(['1', '2'])
    const page = mount(HandOrder, {
      global,
      attachTo: document.body,
      props: { modelValue: ['1', '2', '3'], nameOf, 'onUpdate:modelValue': (next: readonly string[]) => void page.setProps({ modelValue: next }) },
    })
    await page.findAll('li')[2]?.trigger('keydown', { key: 'ArrowUp', altKey: true })
    await flushPromises()
    expect(page.props('modelValue')).toEqual(['1', '3', '2'])
    expect(document.activeElement?.textContent).toContain('中心3')
    await page.get('[aria-label="去掉 中心1"]').trigger('click')
    expect(page.props('modelValue')).toEqual(['3', '2'])
  })

  it('is made by dragging', async () => {
    const page = mount(HandOrder, { global, props: { modelValue: ['1', '2', '3'], nameOf, 'onUpdate:modelValue': (next: readonly string[]) => void page.setProps({ modelValue: next }) } })
    await page.findAll('li')[0]?.trigger('dragstart')
    await page.findAll('li')[2]?.trigger('dragover')
    expect(page.props('modelValue')).toEqual(['2', '3', '1'])
  })
})

describe('setting one up', () => {
  const props = { actions: silent, live, centers: CENTERS, called: ['9', '1', '2', '3'], cameras: [], phones: [], chair: '9', sets: [], mine: false, taken: false, nameOf }

  it('is one key for all counties, ten seconds each, to oneself', async () => {
    const page = mount(TourSheet, { global, props })
    await page.get('[data-testid=tour-start]').trigger('click')
    expect(page.emitted('start')).toEqual([
      [{ kind: 'own', seconds: 10, centers: [], cameras: [], phones: [], reaches: [{ center: '9', to: 'county', only: true }], order: 'tree', present: false, grid: null }],
    ])
  })

  it('names the centers one by one where they are put in order by hand', async () => {
    const page = mount(TourSheet, { global, props })
    await page.get('[data-testid=tour-kind-mosaic]').setValue(true)
    await page.get('[data-testid=tour-grid]').setValue('9')
    await page.get('[data-testid=tour-who]').setValue('all')
    await page.get('[data-testid=tour-order]').setValue('hand')
    await flushPromises()
    await page.findAll('li')[2]?.trigger('keydown', { key: 'ArrowUp', altKey: true })
    await page.get('[data-testid=tour-start]').trigger('click')
    expect(page.emitted('start')?.[0]).toEqual([{ kind: 'mosaic', seconds: 10, centers: ['1', '3', '2'], cameras: [], phones: [], reaches: [], order: 'listed', present: false, grid: '9' }])
  })

  it('goes through the phones of grid members that are here, and through nobody of their village', async () => {
    const phone = (id: string, name: string): Participant => ({ id, name, role: 'grid_member', center: '3', center_name: '坦渡村', level: 'village', state: 'joined', muted: false, joined_at: AT, left_at: null })
    const phones = [phone('a_1', '云某'), phone('a_2', '吴某')]
    const page = mount(TourSheet, { global, props: { ...props, phones, nameOf: stepNames(phones, nameOf) } })
    expect(page.get('[data-testid=tour-who] [value="phones:all"]').text()).toBe('会中全部网格员手机（2）')
    await page.get('[data-testid=tour-who]').setValue('phones:all')
    await page.get('[data-testid=tour-order]').setValue('hand')
    await page.get('[aria-label="去掉 坦渡村 云某"]').trigger('click')
    await page.get('[data-testid=tour-start]').trigger('click')
    expect(page.emitted('start')?.[0]).toEqual([{ kind: 'own', seconds: 10, centers: [], cameras: [], phones: ['a_2'], reaches: [], order: 'listed', present: false, grid: null }])
    expect([...facesOf([...phones, { ...phone('a_3', '值守'), role: 'station' }], 'a_1')]).toEqual([['a_2', 'a_2'], ['3', 'a_3']])
  })

  it('says what goes on already', async () => {
    const page = mount(TourSheet, { global, props: { ...props, mine: true, taken: true } })
    expect(page.get('[data-testid=tour-stands]').text()).toBe('您的轮巡正在进行，先停止它')
    await page.get('[data-testid=tour-kind-broadcast]').setValue(true)
    expect(page.get('[data-testid=tour-stands]').text()).toBe('全体轮巡正在进行，先停止它')
    await page.get('[data-testid=tour-start]').trigger('click')
    expect(page.emitted('start')).toBeUndefined()
  })
})

describe('who is seen', () => {
  it('is told by whom', () => {
    expect(mount(TourSeen, { global, props: { face: { by: { a_9: { kind: 'own', name: '张某' } } } } }).text()).toBe('轮巡：张某 正在看您的画面')
    expect(mount(TourSeen, { global, props: { face: { by: { a_9: { kind: 'own', name: '张某' }, all: { kind: 'mosaic', name: '李某' } } } } }).text()).toBe('轮巡：全体正在看您的画面')
  })
})

describe('the story', () => {
  it('has a tour as a run, not step by step', () => {
    expect(isOfRun({ kind: 'tour.stepped', data: {} } as never)).toBe(true)
    expect(isOfRun({ kind: 'stage.broadcast', data: { participant: 'a_1', because: 'tour' } } as never)).toBe(true)
    expect(isOfRun({ kind: 'stage.broadcast', data: { participant: 'a_1', because: 'chair' } } as never)).toBe(false)
    expect(isOfRun({ kind: 'tour.started', data: {} } as never)).toBe(false)
    expect(record.lane.name).toBe('tours')
  })

  it('is told in the minutes with its numbers', () => {
    const started = [{ at: AT, data: { tour: 'j_1', kind: 'own', by } }, { at: AT, data: { tour: 'j_2', kind: 'broadcast', by } }] as never
    const stopped = [{ at: '2026-11-23T09:00:00Z', data: { tour: 'j_1', seen: 3, total: 4, steps: 360, seconds: 10 } }] as never
    expect(historyOf(started, stopped)).toEqual([
      { id: 'j_1', kind: 'own', by: '张某', from: AT, to: '2026-11-23T09:00:00Z', sums: { seen: 3, total: 4, steps: 360, seconds: 10 } },
      { id: 'j_2', kind: 'broadcast', by: '张某', from: AT, to: null, sums: null },
    ])
  })
})
