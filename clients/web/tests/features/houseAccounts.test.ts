// @vitest-environment jsdom
/** What the system administrator does on pages: accounts, their one-time passwords, and what he has to ask for. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import AccountNew from '@/features/house/AccountNew.vue'
import AccountRecord from '@/features/house/AccountRecord.vue'
import AccountsImport from '@/features/house/AccountsImport.vue'
import { csvOf } from '@/features/house/oneTime'
import OneTimeSheet from '@/features/house/OneTimeSheet.vue'
import type { AccountsPreview, HouseAccount, Role } from '@/protocol/types'
import { Refused } from '@/protocol/refusal'

import { COUNTY, VILLAGE } from '../support/examples'
import { INDEX, show } from '../support/house'

enableAutoUnmount(afterEach)
const UNTIL = '2026-12-06T08:00:00.000000Z'
const given = (account: string) => ({ passwords: [{ account, username: 'li', name: '李某', center: VILLAGE, password: 'k7mp-3xqt-9wnd' }], until: UNTIL })
const created = (...accounts: { account: string; role: Role }[]) => ({ entries: [{ kind: 'account.created', data: { accounts: accounts.map((one) => ({ ...one, username: 'u', name: 'n', center: VILLAGE })) } }] })
const account = (news: Partial<HouseAccount> = {}): HouseAccount => ({
  id: 'a_1', username: 'li', name: '李某', role: 'station', center: { code: VILLAGE, name: '坦渡村', path: ['临湘市', '坦渡村'] }, disabled: false, cleared: false,
  password: 'own', one_time_until: null, signed_in_at: null, sessions: 2, can: ['manage', 'give_password'], waits: null, ...news,
})

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function showModal() { this.setAttribute('open', '') }
  HTMLDialogElement.prototype.close = function close() { this.removeAttribute('open') }
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('a new account', () => {
  async function made(role: Role) {
    const found = show(AccountNew, { index: INDEX, center: VILLAGE }, { 'one-time': given('a_9') }, (kind) => Promise.resolve(kind === 'account.create' ? created({ account: 'a_9', role }) : { entries: [] }))
    await found.wrapper.get('[data-testid="new-username"]').setValue('li')
    await found.wrapper.get('[data-testid="new-name"]').setValue('李某')
    await found.wrapper.get('[data-testid="new-role"]').setValue(role)
    await found.wrapper.get('form').trigger('submit')
    await flushPromises()
    return found
  }

  it('of a station is given its password at once', async () => {
    const { wrapper, given: commands, asked } = await made('station')
    expect(commands.map((one) => one.kind)).toEqual(['account.create'])
    expect(asked.at(-1)).toMatchObject({ path: '/api/v1/accounts/one-time', body: { accounts: ['a_9'] } })
    expect(wrapper.emitted('made')?.[0]).toEqual(['a_9', '已新建 李某。', given('a_9')])
  })

  it('of a leader has it asked for', async () => {
    const { wrapper, given: commands, asked } = await made('leader')
    expect(commands.map((one) => one.kind)).toEqual(['account.create', 'right.propose_password'])
    expect(asked).toEqual([])
    expect(wrapper.emitted('made')?.[0]?.[2]).toBeUndefined()
  })
})

describe('an account', () => {
  const record = (news: Partial<HouseAccount>, command?: (kind: string) => Promise<unknown>) => show(AccountRecord, { account: account(news), index: INDEX }, { 'one-time': given('a_1'), '/rights': { rights: [{ id: 'v_1', account: 'a_1' }] } }, command)

  it('gets another password only after what it does was said', async () => {
    const { wrapper, asked } = record({})
    await wrapper.get('[data-testid="give-password"]').trigger('click')
    expect(wrapper.get('dialog').text()).toContain('两步验证不变')
    expect(asked).toEqual([])
    await wrapper.get('[data-testid="give-password-ask-confirm"]').trigger('click')
    await flushPromises()
    expect(wrapper.emitted('given')?.[0]).toEqual([given('a_1')])
  })

  it('that commands is asked for, waits, and can be taken back', async () => {
    const first = record({ role: 'leader', can: ['manage', 'ask_password'] })
    expect(first.wrapper.find('[data-testid="give-password"]').exists()).toBe(false)
    await first.wrapper.get('[data-testid="ask-why"]').setValue('忘记密码')
    await first.wrapper.get('[data-testid="ask-password"]').trigger('submit')
    await flushPromises()
    expect(first.given).toEqual([{ kind: 'right.propose_password', data: { accounts: ['a_1'], reason: '忘记密码' } }])
    const waiting = record({ role: 'leader', can: ['manage', 'ask_password'], waits: 'password' })
    expect(waiting.wrapper.find('[data-testid="ask-password"]').exists()).toBe(false)
    await waiting.wrapper.get('[data-testid="account-waits"] button').trigger('click')
    await flushPromises()
    expect(waiting.given).toEqual([{ kind: 'right.reject', data: { proposal: 'v_1' } }])
  })

  it('of an administrator has nothing but its password to ask for; one\'s own nothing', () => {
    const { wrapper } = record({ role: 'security_admin', can: ['ask_password'] })
    expect(wrapper.findAll('button').map((one) => one.text())).toEqual(['提请一次性密码'])
    expect(record({ can: [] }).wrapper.findAll('button')).toEqual([])
  })

  it('that cannot be changed says why', async () => {
    const { wrapper } = record({}, () => Promise.reject(new Refused('approval_needed', 'x')))
    await wrapper.get('[data-testid="account-name-field"]').setValue('王某')
    await wrapper.get('[data-testid="account-save"]').trigger('submit')
    await flushPromises()
    expect(wrapper.get('[role="alert"]').text()).toContain('安全管理员')
  })
})

describe('a list of accounts', () => {
  const row = (number: number, role: Role) => ({ row: number + 2, username: `u${String(number)}`, name: '某', role, center: COUNTY, path: ['临湘市'] })
  const preview: AccountsPreview = { new: [row(0, 'station'), row(1, 'leader')], same: 3, wrong: [{ row: 9, column: 'center', why: 'ambiguous', value: '联合村' }] }

  async function taken(command: (kind: string) => Promise<unknown>) {
    const made = show(AccountsImport, {}, { '/accounts/import': preview, 'one-time': given('a_0') }, command)
    const input = made.wrapper.get('[data-testid="accounts-file"]')
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], 'a.csv')] })
    await input.trigger('change')
    await flushPromises()
    expect(made.wrapper.get('[data-testid="accounts-preview"]').text()).toBe('新建 2，已有 3，有误 1')
    expect(made.wrapper.get('[data-testid="wrong-rows"]').text()).toContain('“联合村”不止一个中心')
    await made.wrapper.get('[data-testid="accounts-apply"]').trigger('click')
    await flushPromises()
    return made
  }
  const answers = created({ account: 'a_0', role: 'station' }, { account: 'a_1', role: 'leader' })

  it('gives ordinary accounts passwords and asks for the others', async () => {
    const { wrapper, given: commands, asked } = await taken((kind) => Promise.resolve(kind === 'account.create' ? answers : { entries: [] }))
    expect(asked.at(-1)?.body).toEqual({ accounts: ['a_0'] })
    expect(commands.at(-1)).toMatchObject({ kind: 'right.propose_password', data: { accounts: ['a_1'] } })
    expect(wrapper.emitted('done')?.[0]).toEqual(['已建 2 个账号，给出 1 个一次性密码，提请 1 个。', given('a_0')])
  })

  it('that stops half way shows the passwords that were given, and says what is left', async () => {
    const { wrapper } = await taken((kind) => (kind === 'account.create' ? Promise.resolve(answers) : Promise.reject(new Refused('unavailable', 'x'))))
    const [says, passwords] = wrapper.emitted('done')?.[0] as [string, unknown]
    expect(says).toContain('其余没有办理')
    expect(passwords).toEqual(given('a_0'))
  })
})

describe('one-time passwords', () => {
  it('are left only after a question while they were neither printed nor saved', async () => {
    const { wrapper } = show(OneTimeSheet, { ...given('a_1'), nameOf: () => '坦渡村' }, {})
    expect(wrapper.text()).toContain('k7mp-3xqt-9wnd')
    await wrapper.get('[data-testid="one-time-done"]').trigger('click')
    expect(wrapper.emitted('close')).toBeUndefined()
    expect(wrapper.get('[role="alertdialog"]').text()).toContain('关闭后不能再看')
    await wrapper.get('[data-testid="one-time-really"]').trigger('click')
    expect(wrapper.emitted('close')).toHaveLength(1)
  })

  it('are written so that spreadsheets take nothing for a formula', () => {
    expect(csvOf(['a'], [['=1+1', 'x,"y"']])).toBe('\uFEFFa\r\n\'=1+1,"x,""y"""\r\n')
  })
})
