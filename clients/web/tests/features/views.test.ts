// @vitest-environment jsdom
/** Views: what is asked while one is put together, cells in words with their age, the page that reads, counts and takes away. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

import { conditions, fresh, moved, sumsOf, toggled, trimmed, turned } from '@/features/views/asking'
import { allDays, daysUpTo } from '@/features/views/days'
import FiguresPage from '@/features/views/FiguresPage.vue'
import en from '@/features/views/page.en'
import zh from '@/features/views/page.zh'
import ViewsPage from '@/features/views/ViewsPage.vue'
import { cellText, columnName } from '@/features/views/words'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { AnswerField, GridFigures, GridStatistics, ViewAsks, ViewReading, ViewRows, ViewsTold } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'
import { type Shell, shellKey } from '@/state/shell'

import { CENTERS, CITY, COUNTY, LEADER } from '../support/examples'

enableAutoUnmount(afterEach)
afterEach(() => vi.unstubAllGlobals())

const NOW = Date.parse('2026-11-30T08:00:00Z')
const NEED: AnswerField = { key: 'need', label: '需要帮助', kind: 'choice', words: { no: '无', food: '买菜送餐' }, unit: '', each_person: false }
const HEAT: AnswerField = { key: 'temperature', label: '体温', kind: 'number', words: {}, unit: '℃', each_person: true }
const ANSWERS = new Map([NEED, HEAT].map((one) => [one.key, one]))
const COLUMNS = { households: ['village', 'head', 'persons', 'last_at', 'kind'], persons: ['village', 'name', 'age', 'kind'], visits: ['at', 'village', 'outcome'] }
const SUMS = { households: ['village', 'kind'], persons: ['village', 'sex'], visits: ['village', 'outcome'] }
const ORDERS = { households: ['walk', 'longest'], persons: ['walk'], visits: ['newest'] }
const say = (key: string, words: Record<string, string | number> = {}): string => {
  const found = key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], zh)
  return String(found).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(words[name]))
}

describe('what a view asks', () => {
  it('keeps what another source knows too, and the usual of it for the rest', () => {
    const asks: ViewAsks = { ...fresh('households'), columns: ['village', 'head', 'answer.need'], order: 'longest', sums: 'kind', filters: { not_visited_days: 3, kinds: ['single'] } }
    const visits = turned(asks, 'visits', { columns: COLUMNS, sums: SUMS, orders: ORDERS })
    expect(visits).toMatchObject({ source: 'visits', columns: ['village', 'answer.need'], order: 'newest', sums: 'outcome', filters: { kinds: ['single'] } })
    expect(visits.filters?.not_visited_days).toBeUndefined()
  })
  it('has at least one column and at most twenty-four, in the order that one gives them', () => {
    expect(toggled(['a'], 'a')).toEqual(['a'])
    expect(toggled(['a', 'b'], 'a')).toEqual(['b'])
    const full = Array.from({ length: 24 }, (_, at) => `c${String(at)}`)
    expect(toggled(full, 'x')).toEqual(full)
    expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b'], 'a', -1)).toEqual(['a', 'b'])
  })
  it('is said in words, and says nothing of what is not asked', () => {
    const filters = { kinds: ['single'] as const, age_from: 60, age_to: null, answers: [{ key: 'need', values: ['food'] }, { key: 'temperature', values: [], least: 373 }], fresh_days: 7, grids: [] }
    expect(conditions({ columns: ['village'], filters: { ...filters, kinds: [...filters.kinds] } }, ANSWERS, say)).toEqual(['单人户', '60 岁及以上', '需要帮助：买菜送餐', '体温 ≥ 37.3℃', '7 天内的回答'])
    expect(trimmed({ grids: [], age_from: 0, age_to: null, first: '' as unknown as null })).toEqual({ age_from: 0 })
    expect(sumsOf('households', { sums: SUMS, answers: [NEED, HEAT] }, say).map((one) => one.value)).toEqual(['village', 'kind', 'answer.need'])
  })
  it('has words for every column in both languages', () => {
    expect(Object.keys(zh.column).sort()).toEqual(Object.keys(en.column).sort())
    expect(columnName('answered.need', ANSWERS, say)).toBe('需要帮助（时间）')
  })
})

describe('a cell', () => {
  it('says codes, answers and moments with their age', () => {
    expect(cellText('kind', 'single', ANSWERS, NOW, say)).toBe('单人户')
    expect(cellText('answer.need', ['food', 'no'], ANSWERS, NOW, say)).toBe('买菜送餐、无')
    expect(cellText('answer.temperature', ['37.5'], ANSWERS, NOW, say)).toBe('37.5 ℃')
    expect(cellText('answer.from_where', ['•••'], ANSWERS, NOW, say)).toBe('•••')
    expect(cellText('last_at', '2026-11-27T08:00:00.000000Z', ANSWERS, NOW, say)).toContain('3 天前')
    expect(cellText('last_flags', ['need'], ANSWERS, NOW, say)).toBe('需要帮助')
    expect(cellText('phone', null, ANSWERS, NOW, say)).toBe('')
  })
})

describe('days', () => {
  it('are all there, those without a visit too', () => {
    expect(allDays([{ day: '2026-11-30', visits: 3, met: 2, absent: 1 }], '2026-11-29', '2026-11-30').map((one) => one.visits)).toEqual([0, 3])
    expect(daysUpTo('2026-03-01', 7)).toEqual({ first: '2026-02-23', last: '2026-03-01' })
  })
})

const ASKS: ViewAsks = { area: null, source: 'households', columns: ['village', 'head', 'last_at'], filters: { kinds: ['single'] }, order: 'walk', sums: 'village' }
const TOLD: ViewsTold = {
  views: [{ id: 'gv_1', center: CITY, name: '独居', share: 'below', asks: ASKS, by: { account: 'a_leader', name: '王某', center: CITY, center_name: '岳阳市' }, at: '2026-11-30T08:00:00.000000Z' }],
  ready: [{ key: 'alone', zh: '独居老人', en: 'Alone', asks: ASKS }],
  answers: [NEED], columns: COLUMNS, sums: SUMS, orders: ORDERS,
}
const READING: ViewReading = {
  reading: 'gv_9', asks: ASKS, center: CITY, center_name: '岳阳市', level: 'city', of: 2, sealed: false, full: false, may_full: false, seq: 1, at: '2026-11-30T08:00:00.000000Z', file: null,
  sums: { state: 'done', scanned: 2, rows: 2, persons: 5, lines: [{ key: 'v', name: '坦渡村', rows: 2, persons: 5 }] },
}
const ROWS: ViewRows = { rows: [{ household: 'hh_1', person: null, masked: true, cells: ['坦渡村', '云••', null] }, { household: 'hh_2', person: null, masked: true, cells: ['坦渡村', '李••', null] }], scanned: 2, of: 2, next: null }

async function stand(path: string, answer: (method: string, url: string, body: unknown) => unknown, component: typeof ViewsPage | typeof FiguresPage = ViewsPage) {
  const asked: [string, string, unknown][] = []
  const call = (input: unknown, init?: RequestInit): Promise<Response> => {
    const [method, url, body] = [init?.method ?? 'GET', String(input), typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined]
    asked.push([method, url, body])
    const found = answer(method, url, body)
    return Promise.resolve(found === undefined ? new Response(null, { status: 204 }) : found instanceof Response ? found : new Response(JSON.stringify(found), { status: 200 }))
  }
  vi.stubGlobal('fetch', call)
  const names = { 'patrol-views': '', 'patrol-view-new': '/new', 'patrol-figures': '/figures', 'patrol-view': '/:view', 'patrol-view-edit': '/:view/edit', 'patrol-registry-one': '/r/:household' }
  const router = createRouter({ history: createMemoryHistory(), routes: Object.entries(names).map(([name, at]) => ({ path: `/views${at}`, name, component: { render: () => null }, meta: { roles: ['leader' as const], theme: 'light' as const, title: name } })) })
  await router.push(path)
  const sent: [string, unknown][] = []
  const command = (kind: string, data: unknown): Promise<unknown> => {
    sent.push([kind, data])
    return Promise.resolve({ entries: [], seq: 2 })
  }
  const shell = { account: LEADER, role: 'leader', now: ref(NOW), asOf: ref(undefined), centers: ref(CENTERS), live: { can: ref(new Set(['view.keep'])), command } } as unknown as Shell
  const view = router.currentRoute.value.params['view']
  const page = mount(component as typeof ViewsPage, { props: typeof view === 'string' ? { view } : {}, global: { plugins: [makeI18n(), router], provide: { [shellKey as symbol]: shell, [sessionKey as symbol]: makeSession(new Api(call)) } } })
  await flushPromises()
  return { page, asked, router, sent }
}
const hub = (method: string, url: string): unknown => {
  if (url.endsWith('/views')) return TOLD
  if (method === 'DELETE') return undefined
  if (url.includes('/rows')) return ROWS
  if (url.endsWith('/file')) return { ...READING, file: { state: 'done', what: 'rows', format: 'xlsx', scanned: 2, rows: 2, why: null, until: READING.at } }
  return READING
}

describe('the page of views', () => {
  it('reads the one that is chosen, shows its sums, and takes it away as a file', async () => {
    const { page, asked } = await stand('/views/ready-alone', hub)
    expect(asked.find(([method, url]) => method === 'POST' && url.endsWith('/readings'))?.[2]).toMatchObject({ ready: 'alone', center: CITY, full: false })
    expect(page.findAll('[data-testid="view-row"]')).toHaveLength(2)
    expect(page.get('[data-testid="view-total"]').text()).toBe('2 户')
    expect(page.get('[data-testid="view-sums"]').text()).toContain('坦渡村')
    expect(page.find('[data-testid="view-full"]').exists()).toBe(false)
    expect(page.find('[data-testid="view-remove"]').exists()).toBe(false)
    await page.get('[data-testid="view-export-rows"]').trigger('click')
    await flushPromises()
    expect(page.get('[data-testid="view-download"]').attributes('href')).toBe('/api/v1/views/readings/gv_9/file')
    await page.get('[data-testid="view-below"]').setValue(COUNTY)
    await flushPromises()
    expect(asked.filter(([method, url]) => method === 'POST' && url.endsWith('/readings')).at(-1)?.[2]).toMatchObject({ center: COUNTY })
    // what one no longer looks at is forgotten there, too
    expect(asked.some(([method, url]) => method === 'DELETE' && url.endsWith('/gv_9'))).toBe(true)
  })
  it('waits while the hub is away, and makes a file anew that went with its restart', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const making = { ...READING, file: { state: 'making', what: 'rows', format: 'xlsx', scanned: 1, rows: 1, why: null, until: null } }
    let state: 'up' | 'away' | 'anew' = 'up'
    const { page, asked } = await stand('/views/gv_1', (method, url) => {
      if (url.endsWith('/file')) return making
      if (method === 'GET' && url.endsWith('/gv_9') && state !== 'up') {
        return state === 'away'
          ? new Response(JSON.stringify({ error: { code: 'unavailable', message: 'away' } }), { status: 503 })
          : new Response(JSON.stringify({ error: { code: 'not_found', message: 'over', field: 'reading' } }), { status: 404 })
      }
      return method === 'GET' && url.endsWith('/gv_9') ? making : hub(method, url)
    })
    const files = (): number => asked.filter(([method, url]) => method === 'POST' && url.endsWith('/file')).length
    const later = async (ms: number): Promise<void> => {
      await vi.advanceTimersByTimeAsync(ms)
      await flushPromises()
    }
    await page.get('[data-testid="view-export-rows"]').trigger('click')
    await flushPromises()
    state = 'away'
    await later(800)
    expect(page.find('[role="alert"]').exists()).toBe(true)
    expect(page.get('[data-testid="view-file"]').attributes('data-state')).toBe('making')
    expect(page.find('[data-testid="view-anew"]').exists()).toBe(false)
    state = 'anew'
    await later(2600)
    expect(files()).toBe(2)
    expect(page.get('[data-testid="view-anew"]').text()).toContain('从头重新生成')
    expect(page.find('[role="alert"]').exists()).toBe(false)
    vi.useRealTimers()
  })
  it('forgets one, and keeps it again when that is taken back', async () => {
    const { page, sent } = await stand('/views/gv_1', hub)
    await page.get('[data-testid="view-remove"]').trigger('click')
    await flushPromises()
    await page.get('[data-testid="view-undo"]').trigger('click')
    await flushPromises()
    expect(sent).toEqual([['view.remove', { view: 'gv_1' }], ['view.save', { name: '独居', share: 'below', asks: ASKS }]])
  })
  it('says when nothing fits, and when a reading is over', async () => {
    const none = await stand('/views/gv_1', (method, url) => (method === 'POST' ? { ...READING, of: 0, sums: { ...READING.sums, rows: 0, lines: [] } } : hub(method, url)))
    expect(none.page.get('[data-testid="view-none"]').text()).toContain('没有符合条件的')
    const over = await stand('/views/gv_1', (method, url) => (url.includes('/rows') ? new Response(JSON.stringify({ error: { code: 'not_found', message: 'over', field: 'reading' } }), { status: 404 }) : hub(method, url)))
    expect(over.page.get('[role="alert"]').text()).toContain('已过期')
  })
})

describe('figures by level', () => {
  it('go down by their lines, and are files of the same', async () => {
    const line = (key: string, name: string): GridFigures => ({ key, name, level: 'county', below: true, households: 10, persons: 26, visited_today: 1, visited_week: 4, fresh: 40, visits: 5, met: 4, absent: 1, symptom: 0, origin: 0, need: 2, errands_open: 0, errands_done: 1 })
    const found: GridStatistics = { parent: CITY, name: '岳阳市', level: 'city', path: [{ center: CITY, name: '岳阳市' }], first: '2026-11-24', last: '2026-11-30', today: '2026-12-01', total: line(CITY, '岳阳市'), lines: [line(COUNTY, '临湘市')], days: [{ day: '2026-11-30', visits: 5, met: 4, absent: 1 }], at: '2026-11-30T08:00:00.000000Z', seq: 1 }
    const { page, asked, router } = await stand('/views/figures', () => found, FiguresPage)
    expect(page.get('[data-testid="figure-fresh"]').text()).toBe('40%')
    // A week ends on the day that the hub has, whatever this machine's zone is.
    await page.get('.spans button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toMatchObject({ first: '2026-11-25', last: '2026-12-01' })
    await page.get(`[data-testid="figures-${COUNTY}"] button`).trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query['parent']).toBe(COUNTY)
    expect(asked.at(-1)?.[1]).toContain(`parent=${COUNTY}`)
    expect(page.get('[data-testid="figures-xlsx"]').attributes('href')).toContain('format=xlsx')
  })
})
