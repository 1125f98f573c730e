// @vitest-environment jsdom
/** Statistics: figures as they are said, the order of a league, spans of days; the page reads what its address says. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { figureOf, league, seriesOf, strength, topOf } from '@/features/statistics/figures'
import { spanOf, todayIn } from '@/features/statistics/spans'
import StatisticsPage from '@/features/statistics/StatisticsPage.vue'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { Statistics, StatisticsFigures, StatisticsRow } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { CENTERS, CITY, LEADER } from '../support/examples'

enableAutoUnmount(afterEach)
afterEach(() => vi.unstubAllGlobals())

const NONE: StatisticsFigures = { meetings: 0, consultations: 0, called: 0, attended: 0, minutes: 0, spoken: 0, reports: 0, abnormal: 0, incidents: 0, incidents_closed: 0, appeals: 0, appeals_closed: 0, overdue: 0, rows: 0, cleared: 0, orders: 0, on_time: 0, late: 0, asked: 0, answered: 0, answered_late: 0, patrols: 0, patrolled: 0, patrols_missed: 0, stops: 0, stops_seen: 0, findings: 0 }
const RATES = { attendance: null, closed: null, cleared: null, on_time: null, answered: null, patrolled: null, seen: null }
function row(center: string, figures: Partial<StatisticsFigures>, more: Partial<StatisticsRow> = {}): StatisticsRow {
  return { center, name: `中心${center.slice(4, 6)}`, own: false, below: true, figures: { ...NONE, ...figures }, rates: RATES, ...more }
}
const ROWS = [row(CITY, { reports: 99 }, { own: true, below: false }), row('430602000000', { reports: 5 }), row('430603000000', { reports: 9, minutes: 90 }, { rates: { ...RATES, on_time: 50 } }), row('430611000000', { reports: 9 })]
const FOUND: Statistics = {
  first: '2026-11-01', last: '2026-11-03', time_zone: 'Asia/Shanghai', center: CITY, name: '岳阳市', total: row(CITY, { reports: 122, abnormal: 3, on_time: 1, late: 1 }, { rates: { ...RATES, on_time: 50 } }), before: row(CITY, { reports: 100 }),
  rows: ROWS, series: { columns: ['2026-11-01', '2026-11-02', '2026-11-03'], meetings: [0, 0, 0], consultations: [0, 0, 0], reports: [60, 0, 62], incidents: [0, 0, 0], appeals: [0, 0, 0] }, at: '2026-11-03T08:00:00.000000Z', seq: 7,
}

describe('figures', () => {
  it('says a rate with its part and its whole, and none without a whole', () => {
    expect(figureOf(FOUND.total, 'on_time')).toEqual({ value: 50, rate: true, part: 1, whole: 2 })
    expect(figureOf(FOUND.total, 'attendance').value).toBeNull()
  })
  it('ranks the most first, the same alike, the center itself and those without a value behind', () => {
    expect(league(ROWS, 'reports').map(({ row: { center }, rank }) => [center.slice(0, 6), rank])).toEqual([['430603', 1], ['430611', 1], ['430602', 3], [CITY.slice(0, 6), undefined]])
    expect(league(ROWS, 'on_time').map(({ rank }) => rank)).toEqual([1, undefined, undefined, undefined])
  })
  it('fills tiles by the largest value and rates by a hundred', () => {
    const [, one, other] = ROWS as [StatisticsRow, StatisticsRow, StatisticsRow, StatisticsRow]
    expect(strength(ROWS.slice(1), figureOf(one, 'reports'), 'reports')).toBeCloseTo(5 / 9)
    expect(strength(ROWS, figureOf(other, 'on_time'), 'on_time')).toBe(0.5)
  })
  it('ends a chart at a round number, and shows the course of what is chosen', () => {
    expect([topOf([]), topOf([7, 62]), topOf([101]), topOf([1000])]).toEqual([1, 100, 200, 1000])
    expect([seriesOf('handled'), seriesOf('appeals'), seriesOf('on_time')]).toEqual(['incidents', 'appeals', 'reports'])
  })
})

describe('spans of days', () => {
  it('are those of the zone of the hub', () => {
    expect(todayIn('Asia/Shanghai', Date.parse('2026-11-29T17:00:00Z'))).toBe('2026-11-30')
    expect(spanOf('week', '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(spanOf('lastMonth', '2026-03-15')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(spanOf('quarter', '2026-11-29')).toEqual({ from: '2026-10-01', to: '2026-11-29' })
    expect(spanOf('year', '2026-11-29').from).toBe('2026-01-01')
  })
})

describe('the page', () => {
  async function stand(answer: () => Response) {
    const asked: string[] = []
    const call = (input: unknown): Promise<Response> => {
      asked.push(String(input instanceof Request ? input.url : input))
      return Promise.resolve(answer())
    }
    vi.stubGlobal('fetch', call)
    const router = createRouter({ history: createMemoryHistory(), routes: ['archive', 'statistics'].map((name) => ({ path: `/${name}`, name, component: { render: () => null }, meta: { roles: ['leader' as const], theme: 'light' as const, title: name } })) })
    await router.push('/statistics?from=2026-11-01&to=2026-11-03')
    const shell = { account: LEADER, role: 'leader', now: ref(Date.parse('2026-11-03T08:00:00Z')), asOf: ref(undefined), centers: ref(CENTERS) } as unknown as Shell
    const page = mount(StatisticsPage, { global: { plugins: [makeI18n(), router], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: makeSession(new Api(call)) } } })
    await flushPromises()
    return { page, asked, router }
  }
  it('shows what the hub counted, and asks again where the address changes', async () => {
    const { page, asked, router } = await stand(() => new Response(JSON.stringify(FOUND), { status: 200 }))
    expect(asked[0]).toContain('from=2026-11-01&to=2026-11-03')
    expect(page.get('[data-testid="figure-reports"]').text()).toContain('122')
    expect(page.get('[data-testid="figure-reports"]').text()).toContain('上期 100')
    expect(page.get('[data-testid="figure-attendance"]').text()).toContain('—')
    await page.get(`[data-testid="league-430603000000"] button`).trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query['center']).toBe('430603000000')
    expect(asked.at(-1)).toContain('center=430603000000')
    expect(page.get('[data-testid="statistics-xlsx"]').attributes('href')).toBe('/api/v1/statistics/file?from=2026-11-01&to=2026-11-03&center=430603000000&format=xlsx')
    await page.get('[data-testid="figure-on_time"]').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query['by']).toBe('on_time')
    expect(page.get('th[aria-sort="descending"]').text()).toContain('指令按时率')
  })
  it('says what is wrong, and reads again', async () => {
    let broken = true
    const { page } = await stand(() => (broken ? new Response('{"error":{"reason":"unavailable","message":"later"}}', { status: 503 }) : new Response(JSON.stringify(FOUND), { status: 200 })))
    expect(page.get('[role="alert"]').text()).toContain('没有读到统计')
    broken = false
    await page.get('[role="alert"] button').trigger('click')
    await flushPromises()
    expect(page.find('[role="alert"]').exists()).toBe(false)
    expect(page.find('[data-testid="league"]').exists()).toBe(true)
  })
})
