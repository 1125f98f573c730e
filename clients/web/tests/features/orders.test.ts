// @vitest-environment jsdom
/** Orders looked at whole: targets worst first however many, and that only what is shown is delivered. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref, shallowRef } from 'vue'
import { createMemoryHistory } from 'vue-router'

import { useDelivered } from '@/features/orders/delivered'
import { targetWord, WORST_FIRST } from '@/features/orders/numbers'
import TargetList from '@/features/orders/TargetList.vue'
import { byCenterAbove, countsOf, targetRows } from '@/features/orders/targetRows'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { Order, OrderLine, OrderState, OrderTarget } from '@/protocol/types'
import { makeRouter } from '@/router'
import { connectOver } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'

import { CENTERS, LEADER, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

enableAutoUnmount(afterEach)

const NOW = Date.parse('2026-11-29T08:00:00Z')
const STATES: readonly OrderState[] = ['accepted', 'completed', 'in_progress', 'returned', 'signed', 'delivered', 'issued']

function target(at: number, state: OrderState, more: Partial<OrderTarget> = {}): OrderTarget {
  return { center: String(430682000000 + at), name: `村${String(at)}`, state, signed_at: null, signed_by: null, completed_at: null, percent: null, progress: [], ...more }
}
function order(targets: OrderTarget[], more: Partial<Order> = {}): Order {
  return {
    id: 'o_1', meeting: null, number: '岳指〔2026〕1号', text: '转移', priority: 'normal', due: null, issued_at: '2026-11-29T07:00:00Z', state: 'issued', targets,
    issuer: { account: 'a_1', name: '王某', center: '430600000000', center_name: '岳阳市' }, ...more,
  }
}

describe('targets', () => {
  it('stand worst first, those who ask for something before the others of their state', () => {
    const rows = targetRows(order([...STATES.map((state, at) => target(at, state)), target(8, 'signed', { asked_due: '2026-11-30T00:00:00Z' })]), NOW, () => '')
    expect(rows.map((row) => row.word)).toEqual(['returned', 'issued', 'delivered', 'signed', 'signed', 'in_progress', 'completed', 'accepted'])
    expect(rows[3]?.target.center).toBe('430682000008')
    expect(countsOf(rows).find((one) => one.word === 'signed')?.count).toBe(2)
    expect(new Set(countsOf(rows).map((one) => one.word))).toEqual(new Set(WORST_FIRST.filter((word) => word !== 'overdue')))
  })

  it('are late by a date of their own, and not where the order was withdrawn', () => {
    const late = order([target(1, 'signed'), target(2, 'signed', { due: '2026-11-30T00:00:00Z' }), target(3, 'completed')], { due: '2026-11-29T07:30:00Z' })
    expect(late.targets.map((one) => targetWord(late, one, NOW))).toEqual(['overdue', 'signed', 'completed'])
    const gone = { ...late, withdrawn: { at: '2026-11-29T07:40:00Z', by: late.issuer, reason: '误' } }
    expect(gone.targets.map((one) => targetWord(gone, one, NOW))).toEqual(['signed', 'signed', 'completed'])
  })

  it('below the center above them count how many are done', () => {
    const rows = targetRows(order([target(1, 'accepted'), target(2, 'issued'), target(3, 'completed')]), NOW, (code) => (code.endsWith('3') ? '羊楼司镇' : '坦渡镇'))
    const heads = byCenterAbove(rows).flatMap((row) => ('head' in row ? [[row.head, row.done, row.count]] : []))
    expect(heads).toEqual([['坦渡镇', 1, 2], ['羊楼司镇', 1, 1]])
  })

  it('of a whole city are drawn as far as they are in sight', async () => {
    const rows = targetRows(order(Array.from({ length: 2047 }, (_, at) => target(at, at === 2046 ? 'returned' : 'signed'))), NOW, () => '')
    const list = mount(TargetList, { props: { rows, now: NOW, chosen: undefined }, global: { plugins: [makeI18n()] } })
    const drawn = list.findAll('[data-target]')
    expect(drawn.length).toBeLessThan(40)
    expect(drawn[0]?.attributes('data-word')).toBe('returned')
    expect(list.get('[data-testid="order-targets-signed"]').text()).toContain('2046')
    await list.get('[data-testid="order-targets-returned"]').trigger('click')
    expect(list.findAll('[data-target]')).toHaveLength(1)
  })
})

describe('an order', () => {
  it('is delivered once, when it is shown and what is known is fresh', async () => {
    const command = vi.fn().mockResolvedValue({})
    const stale = ref(true)
    const shown = shallowRef<readonly Order[]>([order([target(1, 'issued')])])
    const live = { command, freshness: { stale } } as unknown as Parameters<typeof useDelivered>[0]
    const shows = defineComponent(() => {
      useDelivered(live, '430682000001', () => shown.value)
      return () => h('i')
    })
    mount(shows)
    await flushPromises()
    expect(command).not.toHaveBeenCalled()
    stale.value = false
    await flushPromises()
    shown.value = [...shown.value]
    await flushPromises()
    expect(command.mock.calls).toEqual([['order.deliver', { order: 'o_1' }]])
    shown.value = [order([target(2, 'issued')], { id: 'o_2' }), order([target(1, 'signed')], { id: 'o_3' })]
    await flushPromises()
    expect(command).toHaveBeenCalledTimes(1)
  })
})

/** 指令 before a hub in memory that knows this one order. */
async function ledger(one: Order, address: string) {
  HTMLDialogElement.prototype.showModal = function show() { this.setAttribute('open', '') }
  HTMLDialogElement.prototype.close = function close() { this.removeAttribute('open') }
  vi.stubGlobal('ResizeObserver', class { observe() { /* no layout */ } disconnect() { /* no layout */ } })
  const hub = new FakeHub()
  hub.greeting = { can: ['order.issue', 'order.follow', 'order.change', 'order.keep', 'order.carry_out'] }
  connectOver(() => hub.wire)
  const commands: unknown[] = []
  const asked: string[] = []
  const call = hub.wire.call.bind(hub.wire)
  const noting: typeof call = async (name, body, ...rest) => {
    if (name === 'command') commands.push([(body as { kind: string }).kind, (body as { data: unknown }).data])
    return call(name, body, ...rest)
  }
  Object.assign(hub.wire, { call: noting })
  const counts = { targets: 2, signed: 2, returned: 0, done: 1, accepted: 0, late: 1, asked: 0 }
  const { id, meeting, number = '', text, priority, due, issuer, issued_at } = one
  const line: OrderLine = { id, meeting, number, text, priority, due, issuer, issued_at, parent: null, supervised: true, escalated: null, withdrawn: false, corrected: false, ended: false, counts, own: null, drill: false }
  const api = new Api((input) => {
    const url = new URL(String(input), 'http://hub.test')
    const name = url.pathname.replace('/api/v1/', '')
    if (name === 'orders/ledger') asked.push(url.search)
    const answers: Record<string, unknown> = {
      session: { account: LEADER, last_sign_in: null, expires_at: '2026-12-01T00:00:00Z' },
      meetings: { meetings: [], next: null },
      centers: { centers: CENTERS, next: null },
      alarms: { alarms: [], next: null },
      orders: { orders: [one], next: null },
      'orders/ledger': { orders: [line], next: null, sums: { open: 1, unsigned: 0, late: 1, check: 1, asked: 0 }, numbering: { pattern: '岳指〔{year}〕{number}号', own: false, next: '岳指〔2026〕2号' }, at: '2026-11-29T08:00:00Z', seq: 1 },
    }
    return Promise.resolve(new Response(JSON.stringify(answers[name] ?? {}), { status: 200 }))
  })
  const session = makeSession(api)
  await session.resume()
  const router = makeRouter({ whoami: () => Promise.resolve(LEADER.role) }, createMemoryHistory())
  await router.push(address)
  const wrapper = mount({ template: '<RouterView />' }, { global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: session } }, attachTo: document.body })
  await vi.waitFor(() => { expect(wrapper.find('[data-testid="ledger"]').exists()).toBe(true) }, 10_000)
  return { wrapper, hub, commands, asked, router }
}

describe('the ledger', () => {
  const two = order([{ ...target(1, 'completed'), center: VILLAGE }, target(2, 'signed')], { due: '2026-01-01T00:00:00Z' })

  it('says how far an order is, is narrowed by its address, and follows what the hub tells', async () => {
    const { wrapper, asked, router } = await ledger(two, '/orders?state=late&side=issued')
    await vi.waitFor(() => { expect(wrapper.find('[data-testid="ledger-row-o_1"]').exists()).toBe(true) })
    expect(asked[0]).toContain('state=late')
    expect(asked[0]).toContain('side=issued')
    const row = wrapper.get('[data-testid="ledger-row-o_1"]').text()
    for (const words of ['岳指〔2026〕1号', '超期 1', '办结 1/2', '待验收 1', '督办']) expect(row).toContain(words)
    expect(wrapper.get('[data-testid="ledger-check"]').text()).toContain('1')
    await wrapper.get('[data-testid="ledger-check"]').trigger('click')
    await vi.waitFor(() => { expect(router.currentRoute.value.query).toMatchObject({ state: 'check', side: 'issued' }) })
    await wrapper.get('[data-testid="ledger-numbering"]').trigger('click')
    expect(wrapper.get('[data-testid="numbering-next"]').text()).toContain('2号')
  })

  it('opens an order, and its keys do what they say', async () => {
    const { wrapper, commands, hub } = await ledger(two, '/orders/o_1')
    await vi.waitFor(() => { expect(wrapper.find('[data-testid="order-accept-all"]').exists()).toBe(true) }, 10_000)
    await wrapper.get('[data-testid="order-accept-all"]').trigger('click')
    await wrapper.get('[data-testid="order-urge-late"]').trigger('click')
    await wrapper.get('[data-testid="order-urge-text"]').setValue('请抓紧')
    await wrapper.get('[data-testid="order-urge-text"]').trigger('keydown', { key: 'Enter' })
    await wrapper.get(`[data-testid="order-target-${VILLAGE}"]`).trigger('click')
    await wrapper.get('[data-testid="target-return"]').trigger('click')
    await wrapper.get('[data-testid="target-return-send"]').trigger('click')
    expect(wrapper.text()).toContain('请写明原因')
    await wrapper.get('[data-testid="target-return-text"]').setValue('缺照片')
    await wrapper.get('[data-testid="target-return-send"]').trigger('click')
    await wrapper.get('[data-testid="order-withdraw"]').trigger('click')
    await wrapper.get('[data-testid="order-withdraw-text"]').setValue('有误')
    await wrapper.get('[data-testid="order-withdraw-send"]').trigger('click')
    await vi.waitFor(() => {
      expect(commands).toEqual([
        ['order.accept', { order: 'o_1' }],
        ['order.urge', { order: 'o_1', whom: 'late', text: '请抓紧' }],
        ['order.return', { order: 'o_1', center: VILLAGE, reason: '缺照片' }],
        ['order.withdraw', { order: 'o_1', reason: '有误' }],
      ])
    })
    hub.tell('changed', { what: 'order', id: 'o_1', seq: 9, meeting: null, rows: { [VILLAGE]: { ...target(1, 'returned', { returns: 1 }), center: VILLAGE } } })
    await vi.waitFor(() => { expect(wrapper.get(`[data-testid="order-target-${VILLAGE}"]`).attributes('data-word')).toBe('overdue') })
    expect(wrapper.get(`[data-testid="order-target-${VILLAGE}"]`).text()).toContain('已退回')
  })
})
