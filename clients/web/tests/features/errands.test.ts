// @vitest-environment jsdom
/** 代办 at a desk: narrowed and counted, written down for who telephoned, handed on, finished with photos, rated; what is late says so. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import ErrandForm from '@/features/errands/ErrandForm.vue'
import ErrandRecord from '@/features/errands/ErrandRecord.vue'
import ErrandsPage from '@/features/errands/ErrandsPage.vue'
import en from '@/features/errands/page.en'
import zh from '@/features/errands/page.zh'
import { centsOf, isLate, KINDS, meanOf, STATES } from '@/features/errands/words'
import besideEn from '@/features/phonesHere/panel.en'
import besideZh from '@/features/phonesHere/panel.zh'
import { makeI18n } from '@/i18n'
import type * as Attaching from '@/parts/attachments/useAttachments'
import { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { ErrandCounts, ErrandOne, ErrandSums, ErrandTold } from '@/protocol/types'
import type { Door } from '@/protocol/upload'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { LEADER, VILLAGE } from '../support/examples'
import { FakeUploads } from '../support/fakeUploads'

const line = vi.hoisted(() => ({ door: undefined as Door | undefined }))
vi.mock('@/parts/attachments/useAttachments', async (real) => {
  const its = await real<typeof Attaching>()
  return { ...its, useAttachments: () => its.useAttachments(line.door, [3_600_000]) }
})
enableAutoUnmount(afterEach)
let uploads = new FakeUploads()
beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe = (): void => undefined; disconnect = (): void => undefined })
  uploads = new FakeUploads()
  line.door = uploads.door
})

const NOW = Date.parse('2026-11-30T08:00:00Z')
const GRID = `${VILLAGE}001`
const told = (errand: string, more: Partial<ErrandTold> = {}): ErrandTold => ({
  errand, center: VILLAGE, grid: GRID, household: 'hh_1', kind: 'medicine', state: 'asked', due: null, asked_at: '2026-11-30T01:00:00Z', by: { account: 'a', name: '李某', center: VILLAGE, center_name: '坦渡村' }, taker: null, taker_name: '', taken_at: null,
  over_at: null, urgent: false, handed_by: '', photos: [], cents: null, late: false, stars: null, heard: null, reason: '', grid_name: '一组', center_name: '坦渡村', place: ['3栋', '201'], names: ['周某'], text: '降压药两盒', said: null, runs: true, ...more,
})
const whole = (more: Partial<ErrandOne> = {}): ErrandOne => ({ ...told('er_1'), people: [{ account: 'a_walks', name: '云某' }, { account: 'a_other', name: '吴某' }], seq: 1, ...more })
const sums = (more: Partial<ErrandSums> = {}): ErrandSums => ({ asked: 0, taken: 0, handed: 0, late: 0, urgent: 0, done: 0, dropped: 0, rated: 0, stars: 0, ...more })
const counts: ErrandCounts = {
  parent: VILLAGE, name: '坦渡村', path: [{ center: VILLAGE, name: '坦渡村' }], counts: sums({ asked: 1, taken: 2, handed: 1, late: 1, done: 3, rated: 2, stars: 9 }), kinds: [{ kind: 'medicine', counts: sums({ asked: 1 }) }, { kind: 'food', counts: sums({ done: 3 }) }],
  lines: [{ key: GRID, name: '一组', level: 'grid', counts: sums({ asked: 1, late: 1 }) }], at: '2026-11-30T08:00:00Z', seq: 1,
}
const desk = { ...LEADER, role: 'dispatcher' as const, center: { ...LEADER.center, code: VILLAGE, name: '坦渡村', level: 'village' as const } }

type Answer = (method: string, url: string, body: unknown) => unknown
async function stand(component: object, props: Record<string, unknown>, answer: Answer, path = '/errands') {
  const asked: [string, string, unknown][] = []
  const call = (input: unknown, init?: RequestInit): Promise<Response> => {
    const [method, url, body] = [init?.method ?? 'GET', String(input), typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined]
    asked.push([method, url, body])
    return Promise.resolve(Response.json(answer(method, url, body)))
  }
  const names = { 'patrol-errands': '/errands', 'patrol-errand': '/errands/:errand', 'patrol-registry-one': '/r/:household', 'patrol-grids-one': '/g/:grid' }
  const router = createRouter({ history: createMemoryHistory(), routes: Object.entries(names).map(([name, at]) => ({ path: at, name, component: { render: () => null }, meta: { roles: ['dispatcher' as const], theme: 'light' as const, title: name } })) })
  await router.push(path)
  const sent: [string, unknown][] = []
  const refused: Refused[] = []
  const command = (kind: string, data: unknown): Promise<unknown> => {
    sent.push([kind, data])
    const no = refused.shift()
    return no === undefined ? Promise.resolve({ entries: [], seq: 2 }) : Promise.reject(no)
  }
  const live = { can: ref(new Set(['errand.take', 'registry.read'])), command, socket: { on: () => () => undefined } }
  const shell = { account: desk, role: 'dispatcher', now: ref(NOW), asOf: ref(undefined), live } as unknown as Shell
  const page = mount(component as typeof ErrandsPage, { props, global: { plugins: [makeI18n(), router], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: makeSession(new Api(call)) }, stubs: { PatrolTabs: true } } })
  await flushPromises()
  const at = (id: string) => page.get(`[data-testid="${id}"]`)
  const press = async (id: string) => {
    await at(id).trigger('click')
    await flushPromises()
  }
  const submit = async (box: string) => {
    await page.get(`[data-testid="${box}"] form`).trigger('submit')
    await flushPromises()
  }
  return { page, at, press, submit, asked, sent, refused, router }
}
const list: Answer = (_, url) => (url.includes('/counts') ? counts : { errands: [told('er_late', { due: '2026-11-30T07:00:00Z', urgent: true }), told('er_far', { text: null, names: [], place: [], runs: false, taker_name: '云某', state: 'taken' })], next: null, seq: 1 })

describe('how an errand is said', () => {
  it('is late from its hour on while it goes on, and not once it is over', () => {
    const due = '2026-11-30T08:00:00Z'
    expect([NOW, NOW + 1].map((now) => isLate({ state: 'taken', due }, now))).toEqual([false, true])
    expect(isLate({ state: 'done', due }, NOW + 1)).toBe(false)
    expect(isLate({ state: 'asked', due: null }, NOW)).toBe(false)
  })
  it('costs what was typed, to the hundredth, or nothing', () => {
    expect([' 23.5 ', '0', '', '12,5', '1.234', '-3'].map(centsOf)).toEqual([2350, 0, null, undefined, undefined, undefined])
    expect([meanOf({ stars: 9, rated: 2 }), meanOf({ stars: 0, rated: 0 })]).toEqual(['4.5', undefined])
  })
  it('has words for every kind and state in both languages', () => {
    for (const words of [zh, en]) expect([Object.keys(words.kind).sort(), Object.keys(words.state).sort()]).toEqual([[...KINDS].sort(), [...STATES].sort()])
    // and beside the picture of a phone that shows a household
    for (const { case: words } of [besideZh, besideEn]) expect([Object.keys(words.errand).sort(), Object.keys(words.errandState).sort()]).toEqual([[...KINDS].sort(), STATES.slice(1).sort()])
  })
})

describe('the list of errands', () => {
  it('shows what is late and urgent, numbers that lead to it, and nothing that one may not know', async () => {
    const { page, at, press, router, asked } = await stand(ErrandsPage, {}, list)
    expect(at('errand-row-er_late').text()).toContain('紧急买药：降压药两盒')
    expect(at('errand-row-er_late').text()).toContain('超期')
    expect(at('errand-row-er_far').text()).toMatch(/^买药办理中一组 · 云某/)
    expect(at('errand-open').text()).toBe('未办结 4')
    expect(at('errand-board').text()).toContain('4.5（2）')
    expect(page.findAll('.kinds span').map((one) => one.text())).toEqual(['买药 1'])
    await press('errand-late')
    expect(router.currentRoute.value.query).toEqual({ late: '1' })
    await press(`errand-board-${GRID}`)
    expect(router.currentRoute.value.query).toEqual({ late: '1', grid: GRID })
    expect(asked.at(-1)?.[1]).toContain(`parent=${VILLAGE}`)
    expect(at('errands-xlsx').attributes('href')).toContain(`grid=${GRID}`)
  })
  it('finds words that stand in no address', async () => {
    vi.useFakeTimers()
    try {
      const { at, router, asked } = await stand(ErrandsPage, {}, list)
      await at('errands-search').setValue('周某')
      await vi.runAllTimersAsync()
      await flushPromises()
      expect(asked.some(([, url]) => url.includes(`q=${encodeURIComponent('周某')}`))).toBe(true)
      expect(router.currentRoute.value.fullPath).toBe('/errands')
      expect(at('errands-xlsx').attributes('href')).not.toContain('q=')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('an errand that is written down for who telephoned', () => {
  const here = { household: { household: 'hh_1', grid: GRID, grid_name: '一组', state: 'here', place: ['3栋', '201'], persons: [{ name: '周某' }] } }
  const gone = { household: { ...here.household, household: 'hh_2', state: 'gone' } }

  it('is of a household that lives there, and sent again is the same one', async () => {
    let fails = true
    const { page, at, press, submit, asked } = await stand(ErrandForm, {}, (_method, url, body) => {
      if (!url.endsWith('/errands')) return { found: [here, here, gone], next: null, seq: 1 }
      return fails ? { nonsense: (fails = false) } : { errand: (body as { errand: string }).errand, seq: 3 }
    })
    await at('errand-find').setValue('周某')
    await submit('errand-form')
    expect(page.findAll('.pick button').map((one) => one.text())).toEqual(['3栋 201 · 周某 一组'])
    await press('errand-pick-hh_1')
    expect(at('errand-save').attributes('disabled')).toBeDefined()
    await at('errand-text').setValue(' 降压药两盒 ')
    await at('errand-kind').setValue('clinic')
    await at('errand-urgent').setValue(true)
    await submit('errand-form')
    await submit('errand-form')
    const bodies = asked.filter(([method, url]) => method === 'POST' && url.endsWith('/errands')).map(([, , body]) => body as { id: string; errand: string })
    expect(bodies[0]).toMatchObject({ household: 'hh_1', kind: 'clinic', text: '降压药两盒', urgent: true, due: null })
    expect(new Set(bodies.map(({ id }) => id)).size).toBe(1)
    expect(page.emitted('done')?.at(-1)).toEqual([bodies[0]?.errand])
  })
  it('says when nobody is found', async () => {
    const { page, at, submit } = await stand(ErrandForm, {}, () => ({ found: [], next: null, seq: 1 }))
    await at('errand-find').setValue('无此人')
    await submit('errand-form')
    expect(page.get('[role=status]').text()).toBe(zh.form.none)
  })
})

describe('one errand', () => {
  const one = (found: ErrandOne) => stand(ErrandRecord, { id: 'er_1' }, (method) => (method === 'POST' ? { errand: 'er_1', seq: 3 } : found))

  it('is handed on to another who walks there, or to the village, with a reason', async () => {
    const { at, press, submit, sent } = await one(whole({ state: 'taken', taker: 'a_walks', taker_name: '云某' }))
    await press('errand-hand-key')
    expect(at('step-to').findAll('option').map((option) => option.text())).toEqual(['请选择', '吴某', '村里办理'])
    await at('step-to').setValue('village')
    expect(at('step-go').attributes('disabled')).toBeDefined()
    await at('step-why').setValue('要开车')
    await submit('errand-hand')
    expect(sent).toEqual([['errand.hand', { errand: 'er_1', to: null, reason: '要开车' }]])
    expect(at('errand-said').text()).toBe(zh.handed)
  })
  it('is not finished by the village while another has it', async () => {
    const { page } = await one(whole({ state: 'taken', taker: 'a_walks' }))
    expect(page.find('[data-testid="errand-done-key"]').exists()).toBe(false)
  })
  it('is finished with photos, which have to be there first', async () => {
    let go = (): void => undefined
    uploads.hold = new Promise((resolve) => (go = resolve))
    const { page, at, press, submit, asked } = await one(whole())
    await press('errand-done-key')
    const field = at('step-photo-files').element as HTMLInputElement
    Object.defineProperty(field, 'files', { value: [new File(['x'], '收据.jpg', { type: 'image/jpeg' })] })
    await at('step-photo-files').trigger('change')
    await flushPromises()
    expect(at('step-go').attributes('disabled')).toBeDefined()
    await submit('errand-done')
    expect(asked.some(([method]) => method === 'POST')).toBe(false)
    go()
    await vi.waitFor(() => expect(at('step-photo-file').attributes('data-phase')).toBe('done'))
    await at('step-cost').setValue('十元')
    await submit('errand-done')
    expect(page.get('[data-testid="errand-done"] [role=alert]').text()).toBe(zh.done.costBad)
    await at('step-cost').setValue('23.5')
    await submit('errand-done')
    const [, url, body] = asked.find(([method]) => method === 'POST') ?? []
    expect(url).toContain('/errands/er_1/done')
    expect(body).toMatchObject({ cents: 2350, photos: [{ name: '收据.jpg', type: 'image/jpeg', bytes: 1 }] })
    expect(page.find('[data-testid="errand-done"]').exists()).toBe(false)
    // what was named is the hub's now
    expect(uploads.asked.some((request) => request.startsWith('DELETE'))).toBe(false)
  })
  it('is rated as the household says on the telephone, once; a refusal is said in the box', async () => {
    const { page, at, press, submit, sent, refused } = await one(whole({ state: 'done', taker: 'a_walks', taker_name: '云某', late: true, over_at: '2026-11-30T07:00:00Z', said: '送到了', cents: 1200 }))
    expect(page.text()).toContain(zh.doneLate)
    expect(page.text()).toContain('12.00 元')
    await press('errand-rate-key')
    expect(at('step-go').attributes('disabled')).toBeDefined()
    await at('step-star-2').setValue()
    refused.push(new Refused('not_found', 'rated'))
    await submit('errand-rate')
    expect(page.get('[data-testid="errand-rate"] [role=alert]').text()).not.toBe('')
    await submit('errand-rate')
    expect(sent.map(([, data]) => data)).toEqual([{ errand: 'er_1', stars: 2, heard: 'telephone' }, { errand: 'er_1', stars: 2, heard: 'telephone' }])
    expect(at('errand-said').text()).toBe(zh.rated)
  })
  it('has no keys and no words for who may only count', async () => {
    const { page, at } = await one(whole({ runs: false, text: null, names: [], place: [], people: [], due: '2026-11-30T07:00:00Z' }))
    expect(page.find('[data-testid="errand-keys"]').exists()).toBe(false)
    expect(at('errand-words').text()).toBe(zh.masked)
    expect(page.get('header').text()).toContain(zh.late)
  })
})
