// @vitest-environment jsdom
/** Banner and ticker as people see them: what stands over the pictures, how it is written, to whom, what came of it. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import BannerLines from '@/features/banner/BannerLines.vue'
import BannerSheet from '@/features/banner/BannerSheet.vue'
import { historyOf } from '@/features/banner/history'
import { linesOf, ranFor } from '@/features/banner/lines'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { whomOptions } from '@/parts/whom/whom'
import type { Answer, BannerLine, Center, SentLine } from '@/protocol/types'
import type { Live } from '@/state/live'

const global = { plugins: [makeI18n()] }
const AT = '2026-11-23T08:00:00.000000Z'
const NOW = Date.parse('2026-11-23T08:00:50Z')
const by = { account: 'a_1', name: '张某', center: '1', center_name: '岳阳市' }
const line = (kind: BannerLine['kind'], text: string, more: Partial<BannerLine> = {}): BannerLine => ({
  id: `l_${text}`, kind, text, style: 'notice', at: AT, by, run_seconds: kind === 'ticker' ? 20 : null, until: null, ...more,
})
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const live = { socket: { on: () => () => undefined } } as unknown as Live
const center = (code: string, level: Center['level'], parent: string | null): Center => ({ code, name: `中心${code}`, level, parent, pinyin: '' }) as unknown as Center
const CENTERS = [center('1', 'city', null), center('2', 'county', '1'), center('3', 'township', '2'), center('4', 'village', '3'), center('5', 'county', '1')]

describe('the lines over the pictures', () => {
  it('are those for all and those for the own center, one of a kind', () => {
    const all = { banner: line('banner', '甲'), ticker: null }
    expect(linesOf(undefined, undefined)).toEqual([])
    expect(linesOf(all, { banner: null, ticker: line('ticker', '乙') }).map((one) => one.text)).toEqual(['甲', '乙'])
  })

  it('run everywhere from the same moment, also where somebody comes later', () => {
    expect(ranFor(line('ticker', '乙'), NOW)).toBe(10)
    const page = mount(BannerLines, { global, props: { lines: [line('ticker', '乙')], now: NOW } })
    expect(page.get('.text').attributes('style')).toBe('animation-duration: 20s; animation-delay: -10.0s;')
  })

  it('are read aloud once, with their style, and are no second text for a reader', async () => {
    const page = mount(BannerLines, { global, props: { lines: [line('banner', '今晚八时前转移', { style: 'warning' })], now: NOW } })
    const spoken = page.get('[role=status]')
    expect(spoken.text()).toBe('')
    await flushPromises()
    expect(spoken.text()).toBe('警示：今晚八时前转移')
    expect(page.get('[data-testid=line-banner]').attributes('aria-hidden')).toBe('true')
    await page.setProps({ lines: [line('banner', '今晚八时前转移', { style: 'warning' }), line('ticker', '乙')] })
    await flushPromises()
    expect(spoken.text()).toBe('通知：乙')
  })
})

describe('whom it is for', () => {
  it('is chosen by levels, by the selected one and those below it, by who is here, by groups', () => {
    const group = { id: 'g_1', scope: 'own', name: '防汛专班', centers: ['4', '9'], reaches: [], by, at: AT } as const
    const sets = [{ id: 'selected', centers: [{ code: '2', name: '中心2' }] }, { id: 'ticked', centers: [] }]
    const options = whomOptions({ all: CENTERS, called: ['2', '4', '5'], sets, groups: [group as never] })
    expect(options.map(({ id, meant }) => [id, meant])).toEqual([
      ['all', ['2', '4', '5']],
      ['level:county', ['2', '5']],
      ['level:village', ['4']],
      ['selected', ['2']],
      ['below', ['2', '4']],
      ['group:g_1', ['4']],
    ])
    expect(options.find(({ id }) => id === 'below')?.whom).toEqual({ centers: [], reaches: [{ center: '2', to: 'village' }] })
    expect(options.find(({ id }) => id === 'group:g_1')?.whom.centers).toEqual(['4'])
  })
})

describe('the sheet', () => {
  const props = { actions: silent, live, sent: undefined, centers: CENTERS, called: ['2', '4', '5'], sets: [] }

  it('shows a banner to all, and a ticker so many times to chosen ones', async () => {
    const page = mount(BannerSheet, { global, props })
    await page.get('[data-testid=banner-show]').trigger('click')
    expect(page.emitted('show')).toBeUndefined()
    await page.get('[data-testid=banner-text]').setValue('今晚八时前转移')
    await page.get('[data-testid=banner-text]').trigger('keydown', { key: 'Enter' })
    await page.get('[data-testid=banner-kind-ticker]').setValue(true)
    await page.get('[data-testid=banner-times]').setValue('3')
    await page.get('[data-testid=banner-style-warning]').setValue(true)
    await page.get('[data-testid=banner-who]').setValue('level:county')
    await page.get('[data-testid=banner-show]').trigger('click')
    expect(page.emitted('show')).toEqual([
      [{ kind: 'banner', text: '今晚八时前转移', style: 'notice', times: null, centers: [], reaches: [] }],
      [{ kind: 'ticker', text: '今晚八时前转移', style: 'warning', times: 3, centers: [], reaches: [{ center: '1', to: 'county', only: true }] }],
    ])
  })

  it('says how much room there is: a banner is short', async () => {
    const page = mount(BannerSheet, { global, props })
    await page.get('[data-testid=banner-text]').setValue('长'.repeat(61))
    expect(page.text()).toContain('还可写 -1 字')
    await page.get('[data-testid=banner-show]').trigger('click')
    expect(page.emitted('show')).toBeUndefined()
    await page.get('[data-testid=banner-kind-ticker]').setValue(true)
    await page.get('[data-testid=banner-show]').trigger('click')
    expect(page.emitted('show')).toHaveLength(1)
  })

  it('names what stands, for whom, since when, and takes it off', async () => {
    const sent: SentLine = { ...line('ticker', '水位 34.5 米'), centers: ['2', '5'] }
    const page = mount(BannerSheet, { global, props: { ...props, sent: { banner: null, ticker: sent } } })
    expect(page.get('[data-testid=standing-ticker]').text()).toContain('滚动字幕 · 通知 · 2 个中心')
    await page.get('[data-testid=remove-ticker]').trigger('click')
    expect(page.emitted('remove')).toEqual([['l_水位 34.5 米']])
  })
})

describe('the minutes', () => {
  it('have each line with its end', () => {
    const shown = (banner: string, at: string) => ({ at, data: { banner, kind: 'banner', text: banner, centers: banner === '乙' ? ['2'] : null, by } }) as never
    const removed = { at: '2026-11-23T08:10:00Z', data: { banner: '甲' } } as never
    expect(historyOf([shown('甲', AT), shown('乙', AT)], [removed])).toEqual([
      { id: '甲', kind: 'banner', text: '甲', by: '张某', centers: null, from: AT, to: '2026-11-23T08:10:00Z' },
      { id: '乙', kind: 'banner', text: '乙', by: '张某', centers: 1, from: AT, to: null },
    ])
  })
})
