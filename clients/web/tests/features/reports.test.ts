// @vitest-environment jsdom
/** The two report keys: all is well is taken back for five seconds, what is wrong goes at once, and neither is lost. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { filterOf } from '@/features/reports/filter'
import ReportKeys from '@/features/reports/ReportKeys.vue'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import detailsEn from '@/parts/reporting/details.en'
import detailsZh from '@/parts/reporting/details.zh'

import { leaves } from '../support/words'

enableAutoUnmount(afterEach)
const sent: [string, unknown, string | undefined][] = []
function keys(meeting: string | null = null, offline = false) {
  const actions = useActions({
    command: (kind, data, where) => {
      sent.push([kind, data, where])
      return offline ? new Promise(() => undefined) : Promise.resolve({ seq: 1, entries: [] })
    },
  })
  return mount(ReportKeys, { props: { actions, account: 'a_1', meeting, offline }, global: { plugins: [makeI18n()] } })
}
beforeEach(() => {
  vi.useFakeTimers()
  sent.length = 0
  window.sessionStorage.clear()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The form is fetched when it is first opened. */
async function opened(): Promise<void> {
  await vi.dynamicImportSettled()
  await flushPromises()
}

it('sends 一切正常 five seconds later, once, and says how long it can be taken back', async () => {
  const page = keys('m_1')
  await page.get('[data-testid=station-report-normal]').trigger('click')
  await page.get('[data-testid=station-report-normal]').trigger('click')
  expect(page.get('[data-testid=station-report-normal-state]').text()).toBe('5 秒后报出')
  expect(page.text()).toContain('还没有报出')
  await vi.advanceTimersByTimeAsync(4_500)
  expect(page.get('[data-testid=station-report-normal-state]').text()).toBe('1 秒后报出')
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toEqual([['report.file', { situation: 'normal', text: '' }, 'm_1']])
  expect(page.get('[data-testid=station-report-normal-state]').text()).toBe('已报告')
})

it('sends nothing that was taken back', async () => {
  const page = keys()
  await page.get('[data-testid=station-report-normal]').trigger('click')
  await page.get('[data-testid=station-report-back]').trigger('click')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toEqual([])
  expect(window.sessionStorage.length).toBe(0)
})

it('goes on counting after a reload, and sends at once when the page is left', async () => {
  window.sessionStorage.setItem('lianxian.held.report.a_1', JSON.stringify({ what: null, until: Date.now() + 2_000 }))
  const page = keys()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1_500)
  expect(sent.length).toBe(1)
  await vi.advanceTimersByTimeAsync(7_000)
  await page.get('[data-testid=station-report-normal]').trigger('click')
  window.dispatchEvent(new Event('pagehide'))
  expect(sent.length).toBe(2)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent.length).toBe(2)
})

it('keeps what is being written through a reload, says that it waits without a line, and sends what was pressed before first', async () => {
  const before = keys()
  await before.get('[data-testid=station-report-abnormal]').trigger('click')
  await opened()
  await before.get('[data-testid=station-report-text]').setValue('水位上涨')
  before.unmount()
  const page = keys(null, true)
  await opened()
  expect(page.get<HTMLTextAreaElement>('[data-testid=station-report-text]').element.value).toBe('水位上涨')
  await page.get('[data-testid=station-report-normal]').trigger('click')
  await page.get('form').trigger('submit')
  expect(sent.map(([, data]) => (data as { situation: string }).situation)).toEqual(['normal', 'abnormal'])
  expect(page.get('[data-testid=station-report-abnormal-state]').text()).toBe('待发送（没有连接）')
})

it('takes kind, urgency, place and a number of persons by large keys; a kind brings words but does not take one’s own', async () => {
  vi.useRealTimers()
  const page = keys()
  await page.get('[data-testid=station-report-abnormal]').trigger('click')
  await opened()
  await vi.waitFor(() => page.get('[data-testid=station-report-kind-fire]'))
  await page.get('[data-testid=station-report-kind-fire]').trigger('click')
  await page.get('[data-testid=station-report-kind-water]').trigger('click')
  expect(page.get<HTMLTextAreaElement>('[data-testid=station-report-text]').element.value).toBe('水位上涨，请求支援。')
  await page.get('[data-testid=station-report-kind-other]').trigger('click')
  expect(page.get<HTMLTextAreaElement>('[data-testid=station-report-text]').element.value).toBe('')
  await page.get('[data-testid=station-report-text]').setValue('管涌')
  await page.get('[data-testid=station-report-kind-geology]').trigger('click')
  await page.get('[data-testid=station-report-urgency-critical]').trigger('click')
  await page.get('[data-testid=station-report-place]').setValue(' 北堤 3 组 ')
  await page.get('[data-testid=station-report-persons]').setValue('12 人')
  await page.get('form').trigger('submit')
  await flushPromises()
  expect(sent).toEqual([['report.file', { situation: 'abnormal', text: '管涌', category: 'geology', place: '北堤 3 组', persons: 12, urgency: 'critical' }, undefined]])
})

it('asks once more before it sends what looks like a telephone or identity number', async () => {
  const page = keys()
  await page.get('[data-testid=station-report-abnormal]').trigger('click')
  await opened()
  await page.get('[data-testid=station-report-text]').setValue('联系 13800138000')
  await page.get('form').trigger('submit')
  expect(sent).toEqual([])
  expect(page.text()).toContain('像有电话')
  await page.get('form').trigger('submit')
  expect(sent.length).toBe(1)
})

it('has the words of a report’s details in both languages', () => {
  expect(leaves(detailsEn).map(([key]) => key).sort()).toEqual(leaves(detailsZh).map(([key]) => key).sort())
})

it('reads what the list is narrowed by from its address, and passes over what makes no sense', () => {
  expect(filterOf({})).toEqual({ situation: 'abnormal' })
  expect(filterOf({ show: 'open', category: 'water', urgency: 'critical', center: '430682000000', q: ' 北堤 ', task: 'q_01m8545rq2v8kdx1c7' })).toEqual({
    state: 'open', category: 'water', urgency: 'critical', center: '430682000000', q: '北堤', task: 'q_01m8545rq2v8kdx1c7',
  })
  expect(filterOf({ show: 'every', category: 'x', urgency: ['a'], center: '43', from: 'yesterday', task: 'x' })).toEqual({})
})
