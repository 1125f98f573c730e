// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'

import App from '@/App.vue'
import { makeI18n } from '@/i18n'
import AccountPage from '@/pages/account/AccountPage.vue'
import { HELP_KEYS } from '@/pages/archive/keys'
import { useHelpKeys, windowTitle } from '@/parts/accessories'
import PasswordForm from '@/parts/account/PasswordForm.vue'
import { Api } from '@/protocol/api'
import type { Role } from '@/protocol/types'
import { makeRouter } from '@/router'
import { makeSession, sessionKey } from '@/state/session'

import { LEADER } from '../support/examples'

const LAST = { at: '2026-11-22T23:58:01.000000Z', address: '192.0.2.44' }

afterEach(() => {
  document.body.innerHTML = ''
})

/** A hub that knows one session and answers a change of password with `status`. */
function session(role: Role, status = 204, body: unknown = undefined) {
  const asked: { method: string; path: string; body: unknown }[] = []
  const api = new Api((path, init) => {
    asked.push({ method: init?.method ?? 'GET', path, body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined })
    if (path.endsWith('/password')) return Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status }))
    return Promise.resolve(new Response(JSON.stringify({ account: { ...LEADER, role }, last_sign_in: LAST }), { status: 200 }))
  })
  return { session: makeSession(api), asked }
}

describe('the change of password', () => {
  async function form(status = 204, body?: unknown, words = ['right', 'long enough it is', 'long enough it is']) {
    const made = session('station', status, body)
    await made.session.resume()
    const wrapper = mount(PasswordForm, {
      global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: made.session } },
      attachTo: document.body,
    })
    for (const [at, name] of ['old', 'new', 'again'].entries()) await wrapper.get(`[data-testid="password-${name}"]`).setValue(words[at])
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    return { wrapper, asked: made.asked.filter((one) => one.method === 'PUT') }
  }

  it('is sent once, says that other sign-ins ended, and keeps no password on the page', async () => {
    const { wrapper, asked } = await form()
    expect(asked).toEqual([{ method: 'PUT', path: '/api/v1/session/password', body: { old: 'right', new: 'long enough it is' } }])
    expect(wrapper.get('[data-testid="password-done"]').text()).toContain('别处的登录已结束')
    expect(wrapper.get<HTMLInputElement>('[data-testid="password-new"]').element.value).toBe('')
  })

  it.each([
    [['', 'long enough it is', 'long enough it is'], 'old'],
    [['right', 'short', 'short'], 'new'],
    [['long enough it is', 'long enough it is', 'long enough it is'], 'new'],
    [['right', 'long enough it is', 'long enough it was'], 'again'],
  ])('asks the hub nothing when the page can tell what is wrong: %j', async (words, field) => {
    const { wrapper, asked } = await form(204, undefined, words)
    expect(asked).toEqual([])
    expect(wrapper.get(`[data-testid="password-${field}"]`).attributes('aria-invalid')).toBe('true')
    expect(wrapper.get('[role="alert"]').text()).not.toBe('')
    expect(document.activeElement).toBe(wrapper.get(`[data-testid="password-${field}"]`).element)
  })

  it('says at the field when the present password is wrong', async () => {
    const { wrapper } = await form(400, { error: { code: 'invalid', message: 'no', field: 'old' } })
    expect(wrapper.get('[role="alert"]').text()).toBe('现在的密码不对')
    expect(wrapper.get('[data-testid="password-old"]').attributes('aria-invalid')).toBe('true')
  })
})

describe('the page of the account', () => {
  it.each([
    ['system_admin', 'hub health'],
    ['security_admin', 'hub accounts password'],
    ['audit_admin', 'hub journal verify'],
  ] as const)('tells %s what the role does, and by which commands', async (role, command) => {
    const made = session(role)
    await made.session.resume()
    const router = makeRouter({ whoami: () => Promise.resolve(role) }, createMemoryHistory())
    // the page alone: no frame is fetched around it
    for (const route of router.getRoutes()) if (route.components) route.components = { default: { template: '<i/>' } }
    const wrapper = mount(AccountPage, {
      global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: made.session } },
    })
    expect(wrapper.get('[data-testid="account-duties"]').text()).toContain(command)
    expect(wrapper.get('[data-testid="account-last"]').text()).toContain('192.0.2.44')
    expect(wrapper.find('[data-testid="password-form"]').exists()).toBe(true)
  })
})

describe('help', () => {
  it('opens on ? for whoever is signed in, not while somebody writes', async () => {
    vi.stubGlobal('CSS', { supports: () => false })
    const made = session('clerk')
    await made.session.resume()
    const router = makeRouter({ whoami: () => Promise.resolve('clerk' as const) }, createMemoryHistory())
    const page = {
      template: '<input data-testid="field" />',
      setup: () => {
        useHelpKeys(HELP_KEYS)
      },
    }
    for (const route of router.getRoutes()) if (route.components) route.components = { default: page }
    await router.push('/archive')
    const wrapper = mount(App, {
      global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: made.session } },
      attachTo: document.body,
    })
    await wrapper.get('[data-testid="field"]').trigger('keydown', { key: '?' })
    await flushPromises()
    expect(wrapper.find('[data-testid="help-dialog"]').exists()).toBe(false)
    window.dispatchEvent(new KeyboardEvent('keydown', { key: '?' }))
    await vi.waitFor(() => {
      expect(wrapper.find('[data-testid="help-dialog"]').exists()).toBe(true)
    })
    expect(wrapper.get('[data-testid="help-dialog"]').text()).toContain('存证')
    expect(wrapper.get('[data-testid="keys-help"]').text()).toContain('播放或暂停')
  })
})

describe('the title of the window', () => {
  it('begins with what is urgent: on air, then what waits', () => {
    expect(windowTitle({ name: '防汛调度', onAir: true, waiting: 3 }, '连线')).toBe('● (3) 防汛调度 · 连线')
    expect(windowTitle({ name: '防汛调度', onAir: false, waiting: 0 }, '连线')).toBe('防汛调度 · 连线')
  })
})
