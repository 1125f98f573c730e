// @vitest-environment jsdom
/** A plan as it is filled in, the question before it is started, how far it is, and what is missing said at its field. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref, shallowRef } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'

import { calledBy, draftOf, emptyOrder, emptyPlan, fieldsOf, meantOf, moved, problemsOf } from '@/features/plans/draft'
import PlanForm from '@/features/plans/PlanForm.vue'
import PlanStrip from '@/features/plans/PlanStrip.vue'
import PlansPage from '@/features/plans/PlansPage.vue'
import StartBox from '@/features/plans/StartBox.vue'
import { makeI18n } from '@/i18n'
import { callZhCN } from '@/i18n/zh-CN/call'
import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Group, Plan, PlanRun } from '@/protocol/types'
import type { Live } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { CENTERS, CHAIR, CITY, COUNTY, LEADER, snapshot, TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})
const BY = { account: CHAIR.id, name: CHAIR.name, center: CITY, center_name: CHAIR.center_name }
const PLAN: Plan = {
  id: 'f_1', name: '山洪防御', event: '山洪', meeting: { title: '山洪防御调度', kind: 'dispatch', record: true, level: 'normal' }, centers: [VILLAGE], reaches: [{ center: COUNTY, to: 'township', only: false }], groups: ['g_1'],
  backup: BY, co_chairs: [], banner: { text: '山洪红色预警', style: 'warning' },
  orders: [{ text: '转移', priority: 'critical', due_minutes: 60, centers: [], reaches: [] }, { text: '封桥', priority: 'normal', due_minutes: null, centers: [VILLAGE], reaches: [] }],
  tasks: [{ title: '报水位', text: '', due_minutes: 30, centers: [], reaches: [] }], by: BY, at: '2026-11-23T08:00:00.000000Z', seq: 12,
}

function stand(command: (kind: string, data: unknown) => Promise<unknown> = () => Promise.resolve({ seq: 1, entries: [] }), plans: readonly Plan[] = [PLAN]) {
  const entered: string[] = []
  const live = { socket: { on: () => () => undefined }, greeted: ref(true), command, can: ref(new Set(['plan.keep'])), presence: ref(new Map()) } as unknown as Live
  const names = new Map(CENTERS.map((one) => [one.code, one.name]))
  const shell = {
    account: LEADER, role: 'leader', live, centers: ref(CENTERS), meeting: shallowRef(), meetings: shallowRef([{ ...snapshot({ title: '防汛调度', centers: [CITY, TOWN] }) }]),
    nameOf: (code: string) => names.get(code) ?? code, placeOf: (code: string) => code, enter: (meeting: string) => entered.push(meeting), asOf: ref(undefined), now: ref(0),
  } as unknown as Shell
  const answer = (input: unknown): Promise<Response> => {
    const path = String(input instanceof Request ? input.url : input)
    const found = path.includes('/plans') ? { plans } : path.includes('/groups') ? { groups: [] } : path.includes('/chairs') ? { chairs: [] } : { centers: CENTERS, next: null }
    return Promise.resolve(new Response(JSON.stringify(found), { status: 200 }))
  }
  vi.stubGlobal('fetch', answer)
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout here */ } disconnect(): void { /* no layout here */ } })
  const page = { render: () => null }
  const router = createRouter({ history: createMemoryHistory(), routes: ['meetings', 'plans', 'plans-new', 'plans-plan', 'plans-change'].map((name) => ({ path: `/${name}/:plan?`, name, component: name === 'plans-new' ? PlanForm : page })) })
  const i18n = makeI18n()
  i18n.global.mergeLocaleMessage('zh-CN', callZhCN)
  const global = { plugins: [i18n, router], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: makeSession(new Api(answer)) } }
  return { shell, global, entered, router }
}

describe('a plan as it is filled in', () => {
  const group = { id: 'g_1', scope: 'center', name: '组', centers: [TOWN], reaches: [] } as unknown as Group

  it('is written back as it was read', () => {
    const { name, event, meeting, centers, reaches, groups, banner, orders, tasks } = PLAN
    expect(fieldsOf(draftOf(PLAN), PLAN)).toEqual({ plan: 'f_1', seq: 12, name, event, meeting, centers, reaches, groups, backup: CHAIR.id, co_chairs: [], banner, orders, tasks })
  })

  it('calls centers, words and groups once each, never oneself', () => {
    const called = calledBy({ chosen: { centers: [VILLAGE, CITY], reaches: [] }, groups: ['g_1', 'g_gone'] }, CENTERS, [group])
    expect(new Set(called)).toEqual(new Set([VILLAGE, TOWN]))
    expect(meantOf({ centers: [], reaches: [] }, called, CENTERS)).toEqual(called)
    expect(meantOf({ centers: [VILLAGE, COUNTY], reaches: [] }, called, CENTERS)).toEqual([VILLAGE])
  })

  it('says what is missing by field', () => {
    const draft = { ...emptyPlan(), banner: true, orders: [emptyOrder(), { ...emptyOrder(), text: '转移', whom: { centers: [COUNTY], reaches: [] } }] }
    expect([...problemsOf(draft, [VILLAGE], CENTERS)]).toEqual([['name', 'name'], ['title', 'title'], ['banner', 'banner'], ['orders.0', 'order'], ['orders.1', 'whom']])
    expect(problemsOf(draft, [], CENTERS).get('who')).toBe('who')
    expect(problemsOf(draftOf(PLAN), [VILLAGE], CENTERS).size).toBe(0)
  })

  it('moves one up and down within its list', () => {
    expect([moved(['a', 'b', 'c'], 1, -1), moved(['a', 'b', 'c'], 1, 1), moved(['a', 'b'], 0, -1)]).toEqual([['b', 'a', 'c'], ['a', 'c', 'b'], ['a', 'b']])
  })
})

it('nothing is started before real or drill is chosen; then exactly what was left ticked, as it was looked at', async () => {
  const sent: [string, unknown][] = []
  const { global, entered } = stand((kind, data) => {
    sent.push([kind, data])
    return Promise.resolve({ seq: 7, entries: [{ kind: 'meeting.opened', meeting: 'm_9', data: {} }] })
  })
  const box = mount(StartBox, { props: { plan: PLAN, called: [VILLAGE, TOWN] }, global, attachTo: document.body })
  expect(box.text()).toContain('其中 1 个正在会议“防汛调度”中')
  const confirm = box.get<HTMLButtonElement>('[data-testid="plan-ask-confirm"]')
  expect([confirm.element.disabled, confirm.text()]).toEqual([true, '请先选实战或演练'])
  await box.get('form').trigger('submit')
  expect(sent).toEqual([])
  await box.get('[data-testid="plan-mode-drill"]').setValue()
  expect(box.find('.drill-band').exists()).toBe(true)
  expect(confirm.text()).toBe('开始演练，召集 2 个中心')
  await box.get('[data-testid="plan-part-order-1"]').setValue(false)
  await box.get('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([['plan.start', { plan: 'f_1', seq: 12, drill: true, roles: true, banner: true, orders: [0], tasks: [0] }]])
  expect([entered, box.emitted('close')?.length]).toEqual([['m_9'], 1])
})

it('what the hub refuses is said in the question, which stays', async () => {
  const { global, entered } = stand(() => Promise.reject(new Refused('conflict', 'saved since')))
  const box = mount(StartBox, { props: { plan: PLAN, called: [VILLAGE] }, global, attachTo: document.body })
  await box.get('[data-testid="plan-mode-real"]').setValue()
  await box.get('form').trigger('submit')
  await flushPromises()
  expect(box.find('[role="alert"]').exists()).toBe(true)
  expect([box.emitted('close'), entered]).toEqual([undefined, []])
})

it('the list tells whom each calls now; one is opened in words', async () => {
  const { global } = stand()
  const page = mount(PlansPage, { props: { plan: 'f_1' }, global, attachTo: document.body })
  await flushPromises()
  expect(page.get('[data-testid="plan-山洪防御"]').text()).toContain('召集 3 个中心')
  const words = page.get('[data-testid="plan-detail"]').text()
  for (const word of ['转移', '给：全部被召集的中心 · 限 1 小时内', '给：坦渡村 · 不限期', '报水位', '一个已删除的常用组', '备用主席']) expect(words).toContain(word)
})

it('the form says what is missing at its field, and sends what was filled in', async () => {
  const sent: [string, unknown][] = []
  const { global, router } = stand((kind, data) => {
    sent.push([kind, data])
    return Promise.resolve({ seq: 7, entries: [{ kind: 'plan.saved', data: { plan: 'f_2' } }] })
  })
  await router.push({ name: 'plans-new' })
  const form = mount(RouterView, { global, attachTo: document.body })
  await flushPromises()
  await form.get('[data-testid="plan-save"]').trigger('click')
  expect(form.text()).toContain('请写预案名称')
  expect([form.get('[data-testid="plan-name"]').attributes('aria-invalid'), sent]).toEqual(['true', []])
  await form.get('[data-testid="plan-name"]').setValue('山火')
  await form.get('[data-testid="plan-title"]').setValue('山火调度')
  await form.get('[data-testid="booking-preset-townships"]').trigger('click')
  await form.get('[data-testid="plan-order-add"]').trigger('click')
  await form.get('[data-testid="plan-orders-0"]').setValue('清点人员')
  await form.get('[data-testid="plan-save"]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.fullPath).toBe('/plans-plan/f_2')
  expect(sent).toMatchObject([['plan.save', { plan: null, seq: null, name: '山火', meeting: { title: '山火调度' }, orders: [{ text: '清点人员', due_minutes: 60, centers: [], reaches: [] }] }]])
})

it('how far it is, is a word and a number; a step that could not be done says why', async () => {
  const { global } = stand()
  const step = { more: '', style: null, priority: null, due_minutes: null, centers: [], reaches: [], made: null }
  const run = { plan: 'f_1', name: '山洪防御', event: '', holder: CITY, started_at: '', steps: [{ ...step, what: 'banner', text: '预警', state: 'done', reason: null }, { ...step, what: 'order', text: '转移', state: 'refused', reason: 'nobody' }] } as unknown as PlanRun
  const strip = mount(PlanStrip, { props: { run, open: true }, global })
  expect(strip.attributes('data-state')).toBe('refused')
  expect(strip.text()).toContain('1/2 步已完成')
  expect(strip.text()).toContain('未能完成 · 已没有可对应的人或中心')
  await strip.get('[data-testid="plan-run-open"]').trigger('click')
  expect(strip.emitted('toggle')).toHaveLength(1)
})
