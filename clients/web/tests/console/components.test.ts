// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createRouter, createMemoryHistory } from 'vue-router'

import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { alarmedKey, allAlarmedKey } from '@/parts/alarmed'
import CenterTree from '@/parts/centers/CenterTree.vue'
import KeyButton from '@/parts/KeyButton.vue'
import type { Draft } from '@/features/orders/draft'
import OrderPanel from '@/features/orders/OrderPanel.vue'
import { indexCenters } from '@/parts/centers/tree'
import SignInPage from '@/pages/signin/SignInPage.vue'
import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Answer } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'

import { CENTERS, COUNTY, LEADER, order, presence, TOWN, VILLAGE } from '../support/examples'

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
const plugins = [makeI18n()]
const choices = [
  { id: 'stage' as const, centers: [{ code: VILLAGE, name: '坦渡村' }] },
  { id: 'selected' as const, centers: [] },
  { id: 'arrived' as const, centers: [] },
  { id: 'ticked' as const, centers: [] },
]
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })

afterEach(() => {
  document.body.innerHTML = ''
})

describe('the order panel', () => {
  const orders = [order({ [VILLAGE]: 'signed', [TOWN]: 'issued' })]
  const panel = (list = orders) =>
    mount(OrderPanel, {
      props: { actions: silent, orders: list, choices, stale: false, now: Date.parse('2026-11-23T08:01:00Z') },
      global: { plugins, stubs: { DuePicker: true } },
      attachTo: document.body,
    })

  it('takes two keys: the stage is preset, the text has the cursor, Enter sends', async () => {
    const wrapper = panel()
    await wrapper.vm.open()
    const text = wrapper.get('[data-testid="order-text"]')
    expect(document.activeElement).toBe(text.element)
    await text.setValue('加强巡查')
    await text.trigger('keydown', { key: 'Enter' })
    const [draft] = wrapper.emitted('send')?.[0] as [Draft, unknown]
    expect(draft).toMatchObject({ text: '加强巡查', priority: 'normal', due: null, targets: [{ code: VILLAGE }] })
    expect(wrapper.get('[data-testid="order-pending"]').text()).toContain('正在下发')
  })

  it('does not send while an input method composes a word', async () => {
    const wrapper = panel()
    await wrapper.vm.open()
    const text = wrapper.get('[data-testid="order-text"]')
    await text.setValue('jiaqiang')
    text.element.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))
    expect(wrapper.emitted('send')).toBeUndefined()
  })

  it('gives the words back when the hub refuses', async () => {
    const wrapper = panel()
    await wrapper.vm.open()
    const text = wrapper.get<HTMLTextAreaElement>('[data-testid="order-text"]')
    await text.setValue('加强巡查')
    await text.trigger('keydown', { key: 'Enter' })
    expect(text.element.value).toBe('')
    const [, done] = wrapper.emitted('send')?.[0] as [Draft, (accepted: boolean) => void]
    done(false)
    await flushPromises()
    expect(text.element.value).toBe('加强巡查')
    expect(wrapper.find('[data-testid="order-pending"]').exists()).toBe(false)
  })

  it('shows the state of each target as a shape with its words', () => {
    const wrapper = panel()
    const dot = wrapper.get(`[data-testid="order-o_1-target-${VILLAGE}"]`)
    expect(dot.attributes('data-state')).toBe('signed')
    expect(dot.attributes('aria-label')).toContain('坦渡村 已签收')
    expect(wrapper.get(`[data-testid="order-o_1-target-${TOWN}"]`).attributes('data-state')).toBe('issued')
  })
})

describe('a key', () => {
  it('shows that it was pressed before the hub answers, and says itself what was refused', async () => {
    let refuse: (error: Error) => void = () => undefined
    const actions = useActions({ command: () => new Promise<Answer>((_, reject) => (refuse = reject)) })
    const wrapper = mount(KeyButton, { props: { actions, name: 'x', label: '静音', busyLabel: '正在……' }, global: { plugins } })
    const done = actions.run('x', 'meeting.leave', {}, 'm_1')
    await flushPromises()
    expect(wrapper.get('button').attributes('aria-busy')).toBe('true')
    expect(wrapper.text()).toContain('正在')
    refuse(new Refused('not_joined', 'they have not joined'))
    expect(await done).toBeUndefined()
    await flushPromises()
    expect(wrapper.get('[role="alert"]').text()).toBe('对方未到会')
    expect(wrapper.get('button').attributes('aria-busy')).toBe('false')
  })
})

describe('the tree', () => {
  const tree = (alarmed: readonly string[] = [], there: readonly string[] = [VILLAGE]) =>
    mount(CenterTree, {
      props: { index: indexCenters(CENTERS), presence: presence([...there]), chosen: new Set<string>() },
      global: { plugins, provide: { [alarmedKey as symbol]: (code: string) => alarmed.includes(code), [allAlarmedKey as symbol]: () => alarmed } },
      attachTo: document.body,
    })

  it('unfolds to those who are there and says so in words', () => {
    const row = tree().get(`[data-testid="center-${VILLAGE}"]`)
    expect(row.attributes('data-state')).toBe('online')
    expect(row.attributes('aria-label')).toBe('坦渡村 在线')
  })

  it('says at a folded center how many below it have a situation, and at each itself once it is open', async () => {
    const wrapper = tree([VILLAGE, TOWN], [])
    const marks = () => wrapper.findAll('[data-testid^="alarmed-"]').map((one) => one.attributes('data-testid'))
    expect(marks()).toEqual([`alarmed-below-${COUNTY}`])
    expect(wrapper.get(`[data-testid="alarmed-below-${COUNTY}"]`).text()).toContain('下级 2 个中心有情况未阅')
    await wrapper.get(`[data-testid="center-${COUNTY}"]`).trigger('keydown', { key: 'ArrowRight' })
    expect(marks()).toEqual([`alarmed-${TOWN}`, `alarmed-below-${TOWN}`])
    await wrapper.get(`[data-testid="center-${TOWN}"]`).trigger('keydown', { key: 'ArrowRight' })
    expect(marks()).toEqual([`alarmed-${TOWN}`, `alarmed-${VILLAGE}`])
  })

  it('is searched by pinyin initials and ticked with the space key', async () => {
    const wrapper = tree()
    await wrapper.get('[data-testid="tree-search"]').setValue('tdz')
    await wrapper.get(`[data-testid="center-${TOWN}"]`).trigger('keydown', { key: ' ' })
    expect(wrapper.emitted('choose')).toEqual([[[TOWN], true, false]])
  })
})

describe('signing in', () => {
  async function page(status: number, body: unknown) {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: ['signin', 'overview', 'station', 'archive'].map((name) => ({ path: `/${name}`, name, component: { template: '<i/>' } })),
    })
    await router.push('/signin')
    const api = new Api(() => Promise.resolve(new Response(JSON.stringify(body), { status })))
    const wrapper = mount(SignInPage, {
      global: { plugins: [...plugins, router], provide: { [sessionKey as symbol]: makeSession(api) } },
      attachTo: document.body,
    })
    await wrapper.get('[data-testid="signin-username"]').setValue('yueyang')
    await wrapper.get('[data-testid="signin-password"]').setValue('secret')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    return { wrapper, router }
  }

  it('lands a leader on the day', async () => {
    const { router } = await page(201, { token: 't', account: LEADER, last_sign_in: null })
    expect(router.currentRoute.value.name).toBe('overview')
  })

  it('says in words what was wrong, and empties the password', async () => {
    const { wrapper } = await page(401, { error: { code: 'unauthenticated', message: 'no' } })
    expect(wrapper.get('[role="alert"]').text()).toBe('账号或密码不对，请再试一次')
    expect(wrapper.get<HTMLInputElement>('[data-testid="signin-password"]').element.value).toBe('')
  })
})
