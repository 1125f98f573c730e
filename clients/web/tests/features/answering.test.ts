// @vitest-environment jsdom
/** Leaders set how centers answer, one by one or a branch at once; groups on 总览; many further centers ring only after a question. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { computed, ref } from 'vue'

import { makeI18n } from '@/i18n'
import AnsweringPage from '@/pages/answering/AnsweringPage.vue'
import CallCard from '@/pages/overview/CallCard.vue'
import { Api } from '@/protocol/api'
import type { Group } from '@/protocol/types'
import type { Live } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import { type Occasion, type Shell, shellKey } from '@/state/shell'

import { CENTERS, CHAIR, CITY, COUNTY, LEADER, TOWN, VILLAGE } from '../support/examples'
import { fakeDesk } from '../support/desk'

enableAutoUnmount(afterEach)
beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout */ } disconnect(): void { /* no layout */ } })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

function stand(can: readonly string[] = ['answering.change']) {
  const sent: [string, unknown][] = []
  const convened: Occasion[] = []
  const heard: ((event: unknown) => void)[] = []
  const live = {
    socket: { on: (name: string, take: (event: unknown) => void) => { if (name === 'changed') heard.push(take); return () => undefined } },
    command: (kind: string, data: unknown) => { sent.push([kind, data]); return Promise.resolve({ seq: 1, entries: [] }) },
    can: ref(new Set(can)),
  } as unknown as Live
  const names = new Map(CENTERS.map((one) => [one.code, one.name]))
  const shell = {
    account: LEADER, role: 'leader', live, asOf: ref(undefined), centers: ref(CENTERS), presets: computed(() => ({ counties: [COUNTY] })),
    nameOf: (code: string) => names.get(code) ?? code, convene: (occasion: Occasion) => convened.push(occasion), go: () => undefined,
  } as unknown as Shell
  const session = makeSession(new Api(() => Promise.resolve(new Response(JSON.stringify({ default_s: 15, settings: [{ center: VILLAGE, seconds: 0 }] }), { status: 200 }))))
  const global = { plugins: [makeI18n()], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: session }, stubs: { RouterLink: { template: '<a><slot /></a>' } } }
  return { sent, convened, global, tell: (event: unknown) => { for (const take of heard) take(event) } }
}

it('shows how each center answers, changes one with a way back, and follows what others set', async () => {
  const { sent, global, tell } = stand()
  const page = mount(AnsweringPage, { global, attachTo: document.body })
  await flushPromises()
  const how = (code: string) => page.get<HTMLSelectElement>(`[data-testid="answering-how-${code}"]`)
  expect([how(TOWN).element.value, how(VILLAGE).element.value]).toEqual(['15', '0'])
  await page.get('[data-testid="answering-set"]').trigger('click')
  expect(page.findAll('[role="listitem"]').map((one) => one.attributes('data-testid'))).toEqual([`answering-${VILLAGE}`])
  await page.get('[data-testid="answering-set"]').trigger('click')
  await how(TOWN).setValue('5')
  await flushPromises()
  expect(page.get('.said').text()).toBe('坦渡镇：5 秒后自动应答')
  tell({ what: 'answering', id: TOWN, value: { center: TOWN, seconds: 5 } })
  await flushPromises()
  expect(how(TOWN).element.value).toBe('5')
  await page.get('[data-testid="answering-undo"]').trigger('click')
  expect(sent).toEqual([
    ['answering.change', { center: TOWN, seconds: 5 }],
    ['answering.change', { center: TOWN, seconds: 15 }],
  ])
})

it('asks before a whole branch is set, and says how many centers that changes', async () => {
  const { sent, global } = stand()
  const page = mount(AnsweringPage, { global, attachTo: document.body })
  await flushPromises()
  await page.get(`[data-testid="answering-below-${COUNTY}"]`).trigger('click')
  // of county, township and village only the village does not answer after 15 s
  expect(page.get('[data-testid="answering-ask"]').text()).toContain('有 1 个中心的设置会改变')
  expect(sent).toEqual([])
  await page.get('[data-testid="answering-ask-confirm"]').trigger('click')
  expect(sent).toEqual([['answering.change', { center: COUNTY, seconds: 15, below: true }]])
})

it('changes nothing for who may not', async () => {
  const { global } = stand([])
  const page = mount(AnsweringPage, { global })
  await flushPromises()
  expect(page.findAll('select, .row button').every((one) => one.attributes('disabled') !== undefined)).toBe(true)
})

it('has the groups, mine and the center’s, beside the sets on 总览, each one key', async () => {
  const by = { account: CHAIR.id, name: CHAIR.name, center: CITY, center_name: CHAIR.center_name }
  const groups: Group[] = [
    { id: 'g_1', scope: 'own', name: '防汛专班', centers: [VILLAGE], reaches: [], by, at: '2026-11-23T08:00:00.000000Z' },
    { id: 'g_2', scope: 'center', name: '临湘到乡镇', centers: [], reaches: [{ center: COUNTY, to: 'township', only: false }], by, at: '2026-11-23T08:00:00.000000Z' },
    { id: 'g_3', scope: 'own', name: '都不在了', centers: ['430699000000'], reaches: [], by, at: '2026-11-23T08:00:00.000000Z' },
  ]
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ groups }), { status: 200 })))
  const { convened, global } = stand()
  const card = mount(CallCard, { global })
  await flushPromises()
  expect(card.get('[data-testid="call-group-防汛专班"]').text().replace(/\s+/g, ' ')).toBe('防汛专班 1 我的')
  expect(card.find('[data-testid="call-group-都不在了"]').exists()).toBe(false)
  await card.get('[data-testid="call-group-临湘到乡镇"]').trigger('click')
  expect(convened.map((one) => one.centers.map((each) => each.name))).toEqual([['临湘市', '坦渡镇']])
})

it('calls ten further centers at once and more only after a question', () => {
  const { furnished, sent } = fakeDesk()
  const call = (furnished.tabs.find((tab) => tab.name === 'people')?.panel.given() as { onCall: (name: string, data: unknown) => void }).onCall
  const asked = () => furnished.over.map((one) => one.given()).find((given) => given?.['testid'] === 'call-ask') as { title: string; onConfirm: () => void; onClose: () => void } | undefined
  const codes = (count: number): string[] => Array.from({ length: count }, (_, at) => `4306${String(at + 21).padStart(2, '0')}100000`)
  const data = (centers: string[]) => ({ centers, subtree: null, level: null, absent: false })
  call('call:further', data(codes(10)))
  expect([asked(), sent.length]).toEqual([undefined, 1])
  call('call:further', data(codes(11)))
  expect([asked()?.title, sent.length]).toEqual(['追加呼叫 11 个中心？', 1])
  asked()?.onClose()
  expect([asked(), sent.length]).toEqual([undefined, 1])
  call('call:further', data(codes(11)))
  asked()?.onConfirm()
  expect([asked(), sent.at(-1)]).toEqual([undefined, ['meeting.call', data(codes(11))]])
  // calling again asks nothing: nobody is new
  call('call:absent', { ...data([]), absent: true })
  expect([asked(), sent.length]).toEqual([undefined, 3])
})
