// @vitest-environment jsdom
/** The roll call as people see it: the list by place, what needs a look, who is called, the two answers of a station. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import BeginForm from '@/features/rollcall/BeginForm.vue'
import { listed, markOf, needsALook } from '@/features/rollcall/list'
import RollCallPanel from '@/features/rollcall/RollCallPanel.vue'
import StationRollCall from '@/features/rollcall/StationRollCall.vue'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import type { Answer, RollCall, RollCallRow } from '@/protocol/types'

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
const NOW = Date.parse('2026-11-23T08:05:00Z')
const AT = '2026-11-23T08:04:55.000000Z'
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const row = (place: number, state: RollCallRow['state'], more: Partial<RollCallRow> = {}): RollCallRow => ({
  place, state, called_at: null, at: null, late: false, situation: null, report: null, by: null, marked: false, ...more,
})
const roll = (more: Partial<RollCall> = {}): RollCall => ({
  state: 'running', roll: 'c_1', by: { account: 'a_1', name: '张某', center: '1', center_name: '岳阳市' }, begun_at: AT, finished_at: null, seconds: null, automatic: false,
  shows: true, center: '3', called_at: AT, until: null, rests: null, left_ms: null, next: '2', heard: ['a_1', 'a_3'], total: 3, answered: 1, abnormal: 0, unanswered: 0, skipped: 0, waiting: 1, ...more,
})
const ROWS = new Map([
  ['2', row(3, 'waiting')],
  ['1', row(1, 'answered', { situation: 'normal', at: AT, by: '李某' })],
  ['3', row(2, 'called', { called_at: AT })],
])
const panel = { actions: silent, meeting: 'm_1', rows: ROWS, choices: [], all: 3, but: ['9'], control: true, now: NOW, nameOf: (code: string) => `中心${code}` }

afterEach(() => {
  document.body.innerHTML = ''
})

describe('the list', () => {
  it('stands by place, and says by its mark how a center stands', () => {
    expect(listed(ROWS).map((one) => one.code)).toEqual(['1', '3', '2'])
    expect([row(1, 'answered', { situation: 'abnormal' }), row(1, 'answered'), row(1, 'called'), row(1, 'unanswered'), row(1, 'waiting')].map(markOf)).toEqual([
      'abnormal', 'normal', 'calling', 'noAnswer', 'left',
    ])
  })

  it('keeps apart what somebody has to look into', () => {
    expect([row(1, 'unanswered'), row(1, 'uncalled'), row(1, 'answered', { situation: 'abnormal' })].every(needsALook)).toBe(true)
    expect([row(1, 'answered', { situation: 'normal' }), row(1, 'waiting'), row(1, 'skipped')].some(needsALook)).toBe(false)
  })
})

describe('the panel', () => {
  it('says who is called, since when, who is heard and who is next', () => {
    const page = mount(RollCallPanel, { global, props: { ...panel, roll: roll() } })
    expect(page.get('[data-testid=rollcall-turn]').text()).toContain('正在点 中心3')
    expect(page.text()).toContain('已点 0:05')
    expect(page.text()).toContain('只听见主席和 中心3')
    expect(page.get('[data-testid=rollcall-next-says]').text()).toBe('下一个：中心2')
    expect(page.get('[data-testid=rollcall-1]').text()).toContain('应答 · 一切正常')
  })

  it('stands still with a paused meeting, and says how long is left when that goes on', () => {
    const page = mount(RollCallPanel, { global, props: { ...panel, roll: roll({ state: 'paused', rests: 'meeting', seconds: 30, left_ms: 12_000, heard: null }) } })
    expect(page.get('[data-testid=rollcall-turn]').text()).toContain('会议暂停，点名停在这里')
    expect(page.text()).toContain('还剩 0:12')
    expect(page.text()).not.toContain('各中心恢复点名前的静音状态')
  })

  it('gives keys to who controls the meeting, and asks before it ends with some uncalled', async () => {
    const page = mount(RollCallPanel, { global, attachTo: document.body, props: { ...panel, roll: roll({ until: '2026-11-23T08:05:20.000000Z', seconds: 20 }) } })
    expect(page.text()).toContain('还剩 0:20')
    await page.get('[data-testid=rollcall-unanswered]').trigger('click')
    expect(page.emitted('mark')).toEqual([['3', false]])
    await page.get('[data-testid=rollcall-call-2]').trigger('click')
    expect(page.emitted('call')).toEqual([['2']])
    await page.get('[data-testid=rollcall-finish]').trigger('click')
    expect(document.body.textContent).toContain('还有 1 家没有点到')
    document.querySelector<HTMLElement>('[data-testid=rollcall-ask-confirm]')?.click()
    await flushPromises()
    expect(page.emitted('finish')).toHaveLength(1)
    const watched = mount(RollCallPanel, { global, props: { ...panel, roll: roll(), control: false } })
    expect(watched.findAll('button').map((one) => one.text())).toEqual(['全部', '未应答和有情况'])
  })

  it('has the result with its files when it is over, and the form for another one', () => {
    const over = roll({ state: 'finished', center: null, next: null, heard: null, finished_at: AT, unanswered: 1, waiting: 0 })
    const page = mount(RollCallPanel, { global, props: { ...panel, roll: over } })
    expect(page.get('[data-testid=rollcall-sum]').text()).toContain('未应答 1')
    expect(page.get('[data-testid=rollcall-xlsx]').attributes('href')).toBe('/api/v1/meetings/m_1/roll-calls/c_1?format=xlsx')
    expect(page.find('[data-testid=rollcall-begin]').exists()).toBe(true)
    expect(page.find('[data-testid=rollcall-call-2]').exists()).toBe(false)
  })
})

describe('the form', () => {
  it('calls by itself only with a time, and leaves the chair out of a choice', async () => {
    const choices = [{ id: 'ticked' as const, centers: [{ code: '1', name: '甲' }, { code: '9', name: '主席' }] }]
    const page = mount(BeginForm, { global, props: { actions: silent, all: 3, but: ['9'], choices } })
    expect(page.get<HTMLInputElement>('[data-testid=rollcall-automatic]').element.disabled).toBe(true)
    await page.get('[data-testid=rollcall-seconds]').setValue('20')
    await page.get('[data-testid=rollcall-automatic]').setValue(true)
    await page.get('[data-testid=rollcall-who]').setValue('ticked')
    await page.get('[data-testid=rollcall-begin]').trigger('click')
    expect(page.emitted('begin')?.[0]).toEqual([{ centers: ['1'], order: 'tree', seconds: 20, automatic: true, shows: true }])
    await page.get('[data-testid=rollcall-seconds]').setValue('0')
    await page.get('form').trigger('submit')
    expect(page.emitted('begin')?.[1]).toEqual([{ centers: ['1'], order: 'tree', seconds: null, automatic: false, shows: true }])
  })
})

describe('the station', () => {
  const station = { meeting: 'm_1', center: '3', now: NOW }
  it('is told that it is its turn, and answers with one tap or in words', async () => {
    const sent: unknown[] = []
    const actions = useActions({ command: (...command) => { sent.push(command.slice(0, 2)); return Promise.resolve({ seq: 1, entries: [] }) } })
    const page = mount(StationRollCall, { global, attachTo: document.body, props: { ...station, actions, roll: roll(), row: row(2, 'called') } })
    expect(page.get('[role=status]').text()).toBe('点名：轮到您了，请讲话')
    await page.get('[data-testid=station-rollcall-normal]').trigger('click')
    await flushPromises()
    await page.get('[data-testid=station-rollcall-abnormal]').trigger('click')
    await flushPromises()
    const field = page.get('[data-testid=station-rollcall-text]')
    expect(document.activeElement).toBe(field.element)
    await field.setValue('  堤脚渗水 ')
    await page.get('[data-testid=station-rollcall-send]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([
      ['roll_call.answer', { situation: 'normal', text: '' }],
      ['roll_call.answer', { situation: 'abnormal', text: '堤脚渗水' }],
    ])
  })

  it('is told that it is next, that it missed its turn, that it answered; and nothing of what is long over', async () => {
    const page = mount(StationRollCall, { global, props: { ...station, actions: silent, roll: roll({ center: '1', next: '3' }), row: row(2, 'waiting') } })
    expect(page.get('[role=status]').text()).toBe('下一个就点到您，请准备')
    expect(page.findAll('button')).toHaveLength(0)
    await page.setProps({ row: row(2, 'unanswered', { at: AT }) })
    expect(page.get('[role=status]').text()).toBe('刚才点到您，没有应答，可以补答')
    expect(page.findAll('button')).toHaveLength(2)
    await page.setProps({ row: row(2, 'answered', { situation: 'normal', at: AT }) })
    expect(page.get('[role=status]').text()).toBe('已应答：一切正常')
    await page.setProps({ now: NOW + 60_000 })
    expect(page.find('[role=status]').exists()).toBe(false)
  })
})
