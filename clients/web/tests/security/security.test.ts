// @vitest-environment jsdom
/** The security administrator's sections: policies with their ranges and changes, approvals with reasons, accounts with their keys. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import ApprovalsSection from '@/features/security/ApprovalsSection.vue'
import GuardSection from '@/features/security/GuardSection.vue'
import PoliciesSection from '@/features/security/PoliciesSection.vue'
import { changesOf, draftOf, fits, toSave, valuesOf } from '@/features/security/policyDraft'
import { FIELDS } from '@/features/security/policyFields'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { GuardedAccount, Policies, Policy, Rights } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { LEADER, VILLAGE } from '../support/examples'

const POLICY: Policy = {
  password: { shortest: 10, classes: 1, common: true, history: 0, days: 0 },
  slowing: { place: 5, name: 20, address: 100, forgive_s: 300, longest_s: 300 },
  second_factor: ['security_admin'],
  sessions: [{ role: 'security_admin', hours: 12, idle_minutes: 30 }],
  most_sessions: 0,
  lock: { minutes: 0, sound: true },
  approval: { rights: true, approver: null },
}
const POLICIES: Policies = {
  own: { password: POLICY.password ?? {}, lock: POLICY.lock ?? {}, second_factor: true, session: null },
  all: POLICY,
  usual: { ...POLICY, second_factor: [] },
  changed_at: null,
  by: null,
  approver: null,
}
const VICTIM: GuardedAccount = {
  id: 'a_v', username: 'tandu', name: '李某', role: 'station', center: VILLAGE, center_name: '坦渡村', disabled: false, cleared: false, second_factor: true, sessions: 2, slowed_s: 17, waits: false,
}
const WAITING: Rights['rights'][number] = {
  id: 'v_1', account: 'a_v', username: 'tandu', name: '李某', role: 'leader', center: VILLAGE, center_name: '坦渡村', was_role: 'station', was_center: VILLAGE, was_center_name: '坦渡村',
  new: false, password: false, cleared: false, was_cleared: false, reason: '接任', by_name: '安全甲', at: '2026-11-29T08:00:00.000000Z', own: false, may_decide: true,
}
const { may_decide: _, ...decided } = WAITING
const RIGHTS: Rights = {
  rights: [WAITING, { ...WAITING, id: 'v_2', name: '赵某', own: true, may_decide: false }],
  decided: [{ ...decided, id: 'v_0', outcome: 'rejected', decided_by_name: '安全乙', decided_at: '2026-11-29T08:01:00.000000Z', decided_reason: '不需要' }],
}

afterEach(() => {
  draftOf('a_sec').value = {}
  document.body.innerHTML = ''
})

/** A hub that answers reads from here; commands with `refusal` if there is one. */
function hub(refusal?: { status: number; code: string }) {
  const commands: { kind: string; data: Record<string, unknown> }[] = []
  const reads: string[] = []
  const answers: Record<string, unknown> = {
    '/policy': POLICIES,
    '/rights': RIGHTS,
    '/accounts/factors': { roles: [{ role: 'leader', accounts: 4, having: 1, required: true }] },
    '/accounts/guarded': { accounts: [VICTIM], total: 1, next: null },
    '/sessions': { sessions: [] },
  }
  const api = new Api((path, init) => {
    const name = path.replace('/api/v1', '')
    if (init?.method === 'POST') {
      commands.push(JSON.parse(String(init.body)) as (typeof commands)[number])
      const body = refusal === undefined ? { seq: 1, entries: [] } : { error: { code: refusal.code, message: 'no', field: null } }
      return Promise.resolve(new Response(JSON.stringify(body), { status: refusal?.status ?? 200 }))
    }
    reads.push(name)
    return Promise.resolve(new Response(JSON.stringify(answers[name.split('?')[0] ?? '']), { status: 200 }))
  })
  const shell = { account: { ...LEADER, id: 'a_sec', role: 'security_admin' } } as Shell
  const global = {
    plugins: [makeI18n()],
    stubs: { RouterLink: true },
    provide: { [sessionKey as symbol]: makeSession(api), [shellKey as symbol]: shell },
  }
  return { commands, reads, global }
}

describe('policies', () => {
  it('sends only the groups that change, whole', () => {
    const now = valuesOf(POLICY)
    const edits = { 'password.shortest': 12, 'second_factor.leader': true, 'sessions.security_admin.hours': 0, 'sessions.security_admin.idle_minutes': 0, 'lock.minutes': 0 }
    expect(changesOf(now, edits).map(({ field }) => field.path)).toEqual(['password.shortest', 'second_factor.leader', 'sessions.security_admin.hours', 'sessions.security_admin.idle_minutes'])
    expect(toSave(now, edits)).toEqual({
      password: { ...POLICY.password, shortest: 12 },
      second_factor: ['leader', 'security_admin'],
      sessions: [],
    })
    expect(toSave(now, { 'approval.approver': 'a_chief' })).toEqual({ approval: { rights: true, approver: 'a_chief' } })
  })

  it('knows every field of the policy and its range', () => {
    for (const path of Object.keys(valuesOf(POLICY))) expect(FIELDS.map((one) => one.path)).toContain(path)
    const [shortest] = FIELDS
    if (shortest === undefined) throw new Error('no fields')
    expect([7, 8, 64, 65, 9.5, ''].map((value) => fits(shortest, value))).toEqual([false, true, true, false, false, false])
  })

  it('shows what would change, asks once, and says what is wrong at the field', async () => {
    const { commands, global } = hub()
    const wrapper = mount(PoliciesSection, { global, attachTo: document.body })
    await flushPromises()
    expect(wrapper.get('[data-testid="policy-password-shortest"]').text()).toContain('8–64 个字符；出厂 10 个字符')
    await wrapper.get('#policy-password-shortest').setValue('99')
    await wrapper.get('form').trigger('submit')
    expect(wrapper.get('#policy-password-shortest').attributes('aria-invalid')).toBe('true')
    expect(wrapper.get('footer [role="alert"]').text()).toContain('最少字符数')
    expect(document.activeElement?.id).toBe('policy-password-shortest')
    await wrapper.get('#policy-password-shortest').setValue('12')
    await wrapper.get('#policy-second_factor-leader').setValue(true)
    expect(wrapper.get('[data-testid="policies-changes"]').text()).toBe('2 项改动，还没有保存')
    await wrapper.get('form').trigger('submit')
    expect(wrapper.get('[data-testid="policies-sure"]').text()).toContain('最少字符数：10 个字符 → 12 个字符')
    expect(commands).toEqual([])
    await wrapper.get('[data-testid="policies-sure-confirm"]').trigger('click')
    await flushPromises()
    expect(commands.map(({ kind, data }) => [kind, data['second_factor']])).toEqual([['policy.change', ['leader', 'security_admin']]])
    expect(wrapper.get('[data-testid="policies-saved"]').text()).toBe('已保存 2 项，立即生效')
  })

  it('keeps what is typed while another section is looked at, and tells a refusal in words', async () => {
    const { global } = hub({ status: 409, code: 'conflict' })
    const first = mount(PoliciesSection, { global, attachTo: document.body })
    await flushPromises()
    await first.get('#policy-lock-minutes').setValue('5')
    first.unmount()
    const again = mount(PoliciesSection, { global, attachTo: document.body })
    await flushPromises()
    expect(again.get<HTMLInputElement>('#policy-lock-minutes').element.value).toBe('5')
    await again.get('form').trigger('submit')
    await again.get('[data-testid="policies-sure-confirm"]').trigger('click')
    await flushPromises()
    expect(again.get('footer [role="alert"]').text()).toContain('没有别人能审批')
  })
})

describe('approvals', () => {
  it('refuses only with a reason, agrees without, and has no key for one\'s own', async () => {
    const { commands, global } = hub()
    const wrapper = mount(ApprovalsSection, { global, attachTo: document.body })
    await flushPromises()
    const [others, own] = wrapper.findAll('[data-testid="rights-waiting"] li')
    expect(others?.text()).toContain('站点 · 坦渡村 → 领导 · 坦渡村')
    expect(others?.text()).toContain('理由：接任')
    expect(own?.findAll('button').map((one) => one.text())).toEqual(['撤回'])
    await wrapper.get('[aria-label="退回 李某 的授权"]').trigger('click')
    await wrapper.get('[data-testid="right-sure-confirm"]').trigger('click')
    expect(commands).toEqual([])
    expect(wrapper.get('[data-testid="right-sure"] [role="alert"]').text()).toContain('请写明理由')
    await wrapper.get('[data-testid="right-sure"] textarea').setValue(' 不需要 ')
    await wrapper.get('[data-testid="right-sure-confirm"]').trigger('click')
    await flushPromises()
    await wrapper.get('[aria-label="同意 李某 的授权"]').trigger('click')
    await wrapper.get('[data-testid="right-sure-confirm"]').trigger('click')
    await flushPromises()
    expect(commands.map(({ kind, data }) => [kind, data])).toEqual([
      ['right.reject', { proposal: 'v_1', reason: '不需要' }],
      ['right.approve', { proposal: 'v_1', reason: '' }],
    ])
    await wrapper.get('[data-testid="rights-decided-key"]').trigger('click')
    expect(wrapper.get('[data-testid="rights-decided"]').text()).toContain('已退回')
    expect(wrapper.get('[data-testid="rights-decided"]').text()).toContain('不需要')
  })
})

describe('accounts as their guard sees them', () => {
  it('lists who has to wait, lets in, resets with a reason, and leads from a role to who has no second factor', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
    try {
      const { commands, reads, global } = hub()
      const wrapper = mount(GuardSection, { global, attachTo: document.body })
      await flushPromises()
      await wrapper.get('[data-testid="factors"] td button').trigger('click')
      vi.advanceTimersByTime(300)
      await flushPromises()
      expect(reads).toContain('/accounts/guarded?limit=100&role=leader&state=no_factor')
      await wrapper.get('ul.list li button').trigger('click')
      await flushPromises()
      expect(document.activeElement?.id).toBe('guarded-name')
      expect(wrapper.get('[data-testid="guarded-slowed"]').text()).toContain('17 秒')
      await wrapper.get('[data-testid="guarded-unlock"]').trigger('click')
      await flushPromises()
      await wrapper.findAll('dd button').find((one) => one.text() === '重置两步验证')?.trigger('click')
      await wrapper.get('[data-testid="guard-reset"] textarea').setValue('手机遗失，已当面核对')
      await wrapper.get('[data-testid="guard-reset-confirm"]').trigger('click')
      await flushPromises()
      expect(commands.map(({ kind, data }) => [kind, data])).toEqual([
        ['account.unlock', { account: 'a_v' }],
        ['second_factor.reset', { account: 'a_v', reason: '手机遗失，已当面核对' }],
      ])
      wrapper.unmount()
    } finally {
      vi.useRealTimers()
    }
  })

  it('proposes a right where a second person has to agree, with the reason', async () => {
    const { commands, global } = hub({ status: 403, code: 'approval_needed' })
    const wrapper = mount(GuardSection, { global, attachTo: document.body })
    await flushPromises()
    await wrapper.get('ul.list li button').trigger('click')
    await wrapper.get('dd form select').setValue('leader')
    await wrapper.get('dd form').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[data-testid="guarded"] > [role="alert"]').text()).toContain('要由另一人同意')
    await wrapper.get('dd form').trigger('submit')
    expect(commands.map(({ kind }) => kind)).toEqual(['account.change'])
    await wrapper.get('dd form input').setValue('接任')
    await wrapper.get('dd form').trigger('submit')
    await flushPromises()
    expect(commands.at(-1)?.data).toEqual({ account: 'a_v', role: 'leader', center: null, reason: '接任' })
    wrapper.unmount()
  })
})
