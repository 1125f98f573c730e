// @vitest-environment jsdom
/** The frame around all rooms: who sees which rooms, what is found, and the meeting that goes on wherever one walks. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'

import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { Account, Role, Summary } from '@/protocol/types'
import { makeRouter } from '@/router'
import { findCenters, gather, says } from '@/shell/palette'
import { railOf } from '@/shell/rooms'
import { chooseGround, isDark } from '@/shell/theme'
import { connectOver } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import { indexCenters, pathOf } from '@/parts/centers/tree'

import { CENTERS, LEADER, snapshot, TOWN, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

enableAutoUnmount(afterEach)
const MEETING = { ...snapshot(), joined: 3, hits: [] } as unknown as Summary

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe() { /* no layout */ } disconnect() { /* no layout */ } })
  HTMLDialogElement.prototype.showModal = function show() { this.setAttribute('open', '') }
  HTMLDialogElement.prototype.close = function close() { this.removeAttribute('open') }
  HTMLElement.prototype.scrollIntoView = () => undefined
  sessionStorage.clear()
})
afterEach(() => {
  chooseGround('auto')
  document.body.innerHTML = ''
})

/** The frame at an address, with rooms that are words, before a hub in memory. */
async function frame(path: string, account: Account = LEADER) {
  const hub = new FakeHub()
  hub.greeting = { can: ['meeting.open', 'order.issue'] }
  connectOver(() => hub.wire)
  const answers: Record<string, unknown> = {
    session: { account, last_sign_in: null, expires_at: '2026-12-01T00:00:00Z' },
    meetings: { meetings: [MEETING], next: null },
    centers: { centers: CENTERS, next: null },
  }
  const api = new Api((input) => {
    const name = /\/api\/v1\/(\w+)/.exec(String(input))?.[1] ?? ''
    return Promise.resolve(new Response(JSON.stringify(answers[name] ?? {}), { status: 200 }))
  })
  const session = makeSession(api)
  await session.resume()
  const router = makeRouter({ whoami: () => Promise.resolve(account.role) }, createMemoryHistory())
  for (const route of router.getRoutes()) if (route.components && route.path !== '/') route.components = { default: { template: '<p class="a-room">{{ $route.name }}</p>' } }
  for (const route of router.getRoutes()) if (route.name === 'overview' && route.components) route.components = { default: { template: '<p class="a-room">overview</p>' } }
  await router.push(path)
  const console = { template: '<div data-testid="console" />', props: ['shown', 'room', 'index'], methods: { take: () => undefined, act: () => true, order: () => undefined } }
  const wrapper = mount({ template: '<RouterView />' }, {
    global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: session }, stubs: { ConsolePage: console, AsyncComponentWrapper: console } },
    attachTo: document.body,
  })
  await flushPromises()
  return { wrapper, router, hub }
}

describe('the rail', () => {
  it.each<[Role, string[]]>([
    ['leader', ['/', '/command', '/archive', '/station']],
    ['clerk', ['/archive']],
    ['station', ['/archive', '/station']],
  ])('shows %s the rooms that admit the role, in order', (role, rooms) => {
    const shown = railOf(role).map((one) => one.path)
    expect(shown.filter((path) => rooms.includes(path))).toEqual(rooms)
    expect(shown).not.toContain('/admin')
    expect(shown.length).toBeLessThanOrEqual(9)
  })
})

describe('the meeting that one is in', () => {
  it('has its pill, the way back, in another room', async () => {
    const { wrapper, router } = await frame('/command/m_1')
    expect(wrapper.find('[data-testid="meeting-pill"]').exists()).toBe(false)
    await router.push('/')
    await flushPromises()
    expect(wrapper.get('[data-testid="meeting-pill"]').attributes('href')).toBe('/command/m_1')
  })

  it('is none for who walks by without one', async () => {
    const { wrapper } = await frame('/')
    expect(wrapper.find('[data-testid="meeting-pill"]').exists()).toBe(false)
    expect(wrapper.find('.a-room').text()).toBe('overview')
  })

  it('is found at the address that the console had before there were rooms', async () => {
    const { router } = await frame('/console?meeting=m_1')
    expect(router.currentRoute.value.fullPath).toBe('/command/m_1')
  })
})

describe('the search', () => {
  it('opens on Ctrl-K, finds a center by words of its path, and selects it: five verbs, of which those that can be done now are keys', async () => {
    const { wrapper } = await frame('/')
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, cancelable: true }))
    await flushPromises()
    const field = wrapper.get('[data-testid="palette-text"]')
    expect(document.activeElement).toBe(field.element)
    await field.setValue('坦渡镇 坦渡村')
    const found = wrapper.findAll('[role="option"]')
    expect(found[0]?.text()).toContain('坦渡村')
    await field.trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(wrapper.find('[data-testid="palette"]').exists()).toBe(false)
    const card = wrapper.get('[data-testid="selection"]')
    expect(card.text()).toContain('对象：坦渡村')
    const able = ['look', 'call', 'broadcast', 'order', 'remove'].filter((verb) => card.get(`[data-testid="selection-${verb}"]`).attributes('disabled') === undefined)
    expect(able).toEqual(['call', 'order'])
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }))
    await flushPromises()
    expect(wrapper.find('[data-testid="selection"]').exists()).toBe(false)
  })

  it('says so when nothing is found', async () => {
    const { wrapper } = await frame('/')
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, cancelable: true }))
    await flushPromises()
    await wrapper.get('[data-testid="palette-text"]').setValue('没有这个地方')
    expect(wrapper.get('[data-testid="palette"]').text()).toContain('没有找到“没有这个地方”')
  })

  it('has the center of that very name before those whose names only begin so, and before what lies far down', () => {
    const index = indexCenters(CENTERS)
    const names = findCenters(index.all, (code) => pathOf(index, code), '坦渡').map((path) => path.at(-1)?.code)
    expect(names.slice(0, 2)).toEqual([TOWN, VILLAGE])
    expect(findCenters(index.all, (code) => pathOf(index, code), '  ')).toEqual([])
  })

  it('gathers from all places, and tells when one of them could not be asked', async () => {
    const taken: string[] = []
    const one = (id: string) => ({ id, text: id, kind: '', press: () => undefined })
    const whole = await gather([() => [one('a')], () => Promise.reject(new Error('away')), () => Promise.resolve([one('b')])], 'x', (found) => taken.push(...found.map((each) => each.id)))
    expect([whole, taken.sort()]).toEqual([false, ['a', 'b']])
    expect(says('防汛 调度 王某', '王某 防汛')).toBe(true)
    expect(says('防汛 调度', '防汛 演练')).toBe(false)
  })
})

describe('the ground', () => {
  it("is each room's own until one is chosen, and stays chosen on this machine", () => {
    expect([isDark('dark'), isDark('light')]).toEqual([true, false])
    chooseGround('light')
    expect([isDark('dark'), isDark('light')]).toEqual([false, false])
    expect(localStorage.getItem('lianxian.ground')).toBe('light')
  })
})
