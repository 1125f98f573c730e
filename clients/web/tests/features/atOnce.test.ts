// @vitest-environment jsdom
/** A template convened at once, after one question; one's own trace on one's account's page; what waits counted in the rail. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { effectScope, ref, shallowRef } from 'vue'

import { accountSections } from '@/features/account'
import OwnTrace from '@/features/audit/OwnTrace.vue'
import ConveneBox from '@/features/bookings/ConveneBox.vue'
import TemplateKeys from '@/features/bookings/TemplateKeys.vue'
import { openTemplates } from '@/features/bookings/templates'
import securityShell from '@/features/security/shell'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Audit, Role, Template } from '@/protocol/types'
import type { Live } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { CENTERS, CHAIR, CITY, COUNTY, LEADER, snapshot, TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)
afterEach(() => {
  document.body.innerHTML = ''
})
const BY = { account: CHAIR.id, name: CHAIR.name, center: CITY, center_name: CHAIR.center_name }
const WEEKLY: Template = {
  id: 't_1', scope: 'center', title: '周例会', kind: 'dispatch', centers: [VILLAGE], names: ['坦渡村'], reaches: [{ center: COUNTY, to: 'township', only: false }], record: true, minutes: 60, notice_minutes: 10, note: '', by: BY, saved_at: '2026-11-23T08:00:00.000000Z',
}

function stand(answers: Record<string, unknown>, command: (kind: string, data: unknown) => Promise<unknown> = () => Promise.resolve({ seq: 1, entries: [] }), role: Role = 'leader') {
  const entered: string[] = []
  const live = { socket: { on: () => () => undefined }, greeted: ref(true), command, can: ref(new Set(['meeting.open'])) } as unknown as Live
  const names = new Map(CENTERS.map((one) => [one.code, one.name]))
  const shell = {
    account: LEADER, role, live, centers: ref(CENTERS), meeting: shallowRef(), meetings: shallowRef([{ ...snapshot({ title: '防汛调度', centers: [CITY, TOWN] }) }]),
    nameOf: (code: string) => names.get(code) ?? code, enter: (meeting: string) => entered.push(meeting), asOf: ref(undefined),
  } as unknown as Shell
  const asked: string[] = []
  const session = makeSession(new Api((input) => {
    asked.push(String(input))
    const name = Object.keys(answers).find((each) => String(input).includes(each)) ?? ''
    return Promise.resolve(new Response(JSON.stringify(answers[name] ?? {}), { status: 200 }))
  }))
  const global = { plugins: [makeI18n()], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: session } }
  return { shell, session, global, entered, asked }
}

it('a template is a key with how many it calls now; it calls them after one question that names them, and is entered', async () => {
  const sent: [string, unknown][] = []
  const { shell, session, global, entered } = stand({ '/templates': { templates: [WEEKLY], next: null } }, (kind, data) => {
    sent.push([kind, data])
    return Promise.resolve({ seq: 7, entries: [{ kind: 'meeting.opened', meeting: 'm_9', data: {} }] })
  })
  const scope = effectScope()
  const touch = scope.run(() => openTemplates(shell, session.api))
  await flushPromises()
  const keys = mount(TemplateKeys, { global })
  const key = keys.get('[data-testid="convene-template-周例会"]')
  expect(key.text().replace(/\s+/g, ' ')).toBe('周例会 3 本级共用')
  await key.trigger('click')
  expect([touch?.asked.value?.id, sent]).toEqual(['t_1', []])
  const box = mount(ConveneBox, { props: { template: WEEKLY, called: touch?.called(WEEKLY) ?? [] }, global, attachTo: document.body })
  expect(box.text()).toContain('按“周例会”召集 3 个中心？')
  expect(box.text()).toContain('临湘市、坦渡镇、坦渡村')
  expect(box.text()).toContain('其中 1 个正在会议“防汛调度”中')
  await box.get('[data-testid="template-ask-confirm"]').trigger('click')
  await flushPromises()
  expect([sent, entered]).toEqual([[['template.convene', { template: 't_1' }]], ['m_9']])
  expect(box.emitted('close')).toHaveLength(1)
  scope.stop()
})

it('what the hub refuses is said in the question, which stays', async () => {
  const { global, entered } = stand({}, () => Promise.reject(new Refused('invalid', 'nobody is left to call')))
  const box = mount(ConveneBox, { props: { template: WEEKLY, called: [VILLAGE] }, global, attachTo: document.body })
  await box.get('[data-testid="template-ask-confirm"]').trigger('click')
  await flushPromises()
  expect(box.get('[role="alert"]').text()).toBe('填写的内容不符合要求')
  expect([box.emitted('close'), entered]).toEqual([undefined, []])
})

it('one reads what one did oneself, in words, in pages', async () => {
  const entry = (seq: number, kind: string, data: object) => ({ seq, at: '2026-11-23T08:00:00.000000Z', kind, actor: { account: 'a_leader', center: CITY }, data, meeting: null, audience: [], alg: 'sha256', prev: '', hash: '' })
  const page: Audit = { entries: [entry(9, 'session.signed_in', { account: 'a_leader', network: '192.0.2.0/24' })], next: 9, people: {}, as_of: '2026-11-23T08:00:01.000000Z' } as unknown as Audit
  const { global, asked } = stand({ '/audit/own': page })
  const trace = mount(OwnTrace, { global })
  await flushPromises()
  expect(trace.get('li').text()).toContain('192.0.2.0/24')
  expect(trace.get('li b').text()).not.toContain('audit.kinds')
  await trace.get('[data-testid="own-trace-more"]').trigger('click')
  await flushPromises()
  expect(asked).toEqual(['/api/v1/audit/own?limit=20', '/api/v1/audit/own?limit=20&before=9'])
})

it('has no own trace for who has none', () => {
  expect(['leader', 'station', 'clerk'].map((role) => accountSections(role as Role).length)).toEqual([0, 0, 0])
  expect(accountSections('system_admin')).toHaveLength(1)
})

it('rights that wait are counted at 管理 for the one who decides', async () => {
  const count = async (role: Role) => {
    const { shell, session } = stand({ '/rights': { rights: [{ id: 'v_1' }, { id: 'v_2' }], decided: [] }, '/policy': { own: { lock: {} } } }, undefined, role)
    let told: Readonly<Record<string, number>> | undefined
    mount({
      setup: () => {
        const on = securityShell.shell(shell)
        return () => JSON.stringify((told = on?.counts?.()))
      },
    }, { global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: session } } })
    await flushPromises()
    return told
  }
  expect(await count('security_admin')).toEqual({ '/admin': 2 })
  expect(await count('system_admin')).toBeUndefined()
})
