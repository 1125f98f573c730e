// @vitest-environment jsdom
/** The wall: which layout a screen shows, what it says where it shows none, the lines around its pictures, its sound. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { computed, ref } from 'vue'

import { makeI18n } from '@/i18n'
import { shownOn, type Trouble } from '@/pages/wall/useWall'
import WallPage from '@/pages/wall/WallPage.vue'
import WallSound from '@/pages/wall/WallSound.vue'
import type { BannerLine, Layout, Stage, Tour } from '@/protocol/types'

const LAYOUT: Layout = { grid: '4', cells: ['a', 'b', 'c', 'd'], to: 'wall', plates: true }
const STAGE: Stage = { broadcast: null, views: {}, layout: LAYOUT, locked: null, voice: false, second: null, second_lost_at: null }

const { trouble, asOf, now, values, rows } = await vi.hoisted(async () => {
  const vue = await import('vue')
  return {
    trouble: vue.ref<unknown>(),
    asOf: vue.ref<unknown>(),
    now: vue.ref(Date.parse('2026-11-23T08:00:04Z')),
    /** Parts of the meeting by name. */
    values: vue.reactive<Record<string, unknown>>({}),
    rows: vue.reactive<Record<string, Record<string, unknown>>>({}),
  }
})
vi.mock('@/state/live', () => ({ useLive: () => ({ freshness: { asOf, now } }) }))
vi.mock('@/state/session', () => ({ useSession: () => ({ account: { value: { id: 'me', center: { code: '9' } } }, api: {} }) }))
vi.mock('vue-router', () => ({ useRouter: () => ({ replace: vi.fn() }) }))
vi.mock('@/pages/wall/useWall', async (original) => ({
  ...(await original<object>()),
  useWall: () => ({
    room: {
      refused: ref(),
      view: ref({ meeting: { participants: [{ id: 'a', center: '1', center_name: '临湘市', role: 'station', state: 'joined' }, { id: 'b', center: '2', center_name: '坦渡村', role: 'station', state: 'joined' }] } }),
      parts: { value: (name: string) => computed(() => values[name]), rows: (name: string) => computed(() => new Map(Object.entries(rows[name] ?? {}))) },
    },
    sounds: [], nameOf: (code: string) => `中心${code}`, view: ref({ title: '防汛调度' }), shape: ref(LAYOUT), beside: ref(), trouble, sizes: { report: () => undefined }, again: vi.fn(),
    cells: ref(LAYOUT.cells.map((who) => ({ source: who, stream: undefined, center: who, name: `中心${String(who)}`, more: '村社区 · 值守', sound: who === 'b' ? ['muted', 'listened'] : [], onAir: false, why: '' }))),
  }),
}))

vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {
      // jsdom has no layout
    }
    disconnect(): void {
      // jsdom has no layout
    }
  },
)

describe('a screen of the wall', () => {
  it('shows the layout of the wall, its part of it, or one of its own; without any one picture', () => {
    expect(shownOn('', STAGE, undefined)).toBe(LAYOUT)
    expect(shownOn('1', STAGE, { by_number: { '1': { layout: null, share: { at: 2, of: 2 } } } })).toEqual({ ...LAYOUT, grid: '2', cells: ['c', 'd'] })
    const own: Layout = { ...LAYOUT, grid: '1', cells: ['x'] }
    expect(shownOn('2', STAGE, { by_number: { '2': { layout: own, share: null } } })).toBe(own)
    expect(shownOn('', { ...STAGE, layout: null }, undefined)).toEqual({ grid: '1', cells: [null], plates: true })
  })

  it('bears the meeting, its pictures and their plates, and says plainly what is the matter', () => {
    const page = mount(WallPage, { global: { plugins: [makeI18n()] }, props: { meeting: 'm_1', screen: '2' } })
    expect(page.get('h1').text()).toBe('防汛调度')
    expect(page.text()).toContain('大屏 2')
    expect(page.get('[data-testid=cell-plate-1]').text()).toContain('中心b')
    page.unmount()
    const said: Readonly<Record<Trouble, string>> = { ended: '会议已结束', removed: '移出会议', left: '重新进入会议', replaced: '在这块屏继续', reading: '正在进入会议', connecting: '正在接通画面', again: '画面重连中' }
    for (const [word, text] of Object.entries(said)) {
      trouble.value = word
      const other = mount(WallPage, { global: { plugins: [makeI18n()] }, props: { meeting: 'm_1' } })
      expect(other.text()).toContain(text)
      other.unmount()
    }
    trouble.value = undefined
    asOf.value = Date.parse('2026-11-23T08:05:00Z')
    expect(mount(WallPage, { global: { plugins: [makeI18n()] }, props: { meeting: 'm_1' } }).get('[data-testid=wall-away]').text()).toContain('正在自动重连')
  })
})

const AT = '2026-11-23T08:00:00.000000Z'
const LINE: BannerLine = { id: 'l_1', kind: 'banner', text: '今晚八时前完成转移', style: 'warning', at: AT, by: { account: 'z', name: '张某', center: '9', center_name: '岳阳市' }, until: null, run_seconds: null }
const TOUR: Tour = {
  tour: 'j_1', kind: 'mosaic', state: 'running', rests: null, by: { account: 'z', name: '张某', center: '9', center_name: '岳阳市' }, viewer: null, begun_at: AT, seconds: 10, grid: '4', to: 'all', place: 1,
  centers: ['1'], shown: ['a'], since: AT, until: '2026-11-23T08:00:10.000000Z', left_ms: null, steps: 1,
}

describe('the lines around the pictures', () => {
  afterEach(() => {
    for (const name of Object.keys(values)) values[name] = undefined
    for (const name of Object.keys(rows)) rows[name] = {}
    asOf.value = undefined
  })
  async function page(): Promise<ReturnType<typeof mount>> {
    const made = mount(WallPage, { global: { plugins: [makeI18n()] }, props: { meeting: 'm_1' } })
    await vi.dynamicImportSettled()
    await flushPromises()
    return made
  }

  it('are banner and ticker below, and the tour that this screen shows above', async () => {
    values['banner'] = { banner: LINE, ticker: null }
    rows['tours'] = { all: TOUR }
    rows['tour_lists'] = { all: { centers: ['1', '2'], passed: [] } }
    const wall = await page()
    expect(wall.get('[data-testid=line-banner]').text()).toContain('警示今晚八时前完成转移')
    const tour = wall.get('[data-testid=wall-tour]')
    expect(tour.text()).toContain('正在看 中心1')
    expect(tour.text()).toContain('0:06 后切换')
    rows['tours'] = { all: { ...TOUR, shown: ['x'] } }
    await flushPromises()
    expect(wall.find('[data-testid=wall-tour]').exists(), 'a tour that stands on another screen').toBe(false)
    rows['tours'] = { all: { ...TOUR, state: 'paused', rests: 'meeting', until: null, left_ms: 6000 } }
    values['pause'] = { paused: true, by: null, at: AT, reason: '十点继续' }
    await vi.dynamicImportSettled()
    await flushPromises()
    expect(wall.get('[data-testid=wall-tour-next]').text()).toBe('会议暂停，轮巡停在这里')
    expect(wall.get('[data-testid=wall-paused]').text()).toContain('会议暂停十点继续')
    wall.unmount()
  })

  it('and on each picture how its center is heard, in words', async () => {
    const wall = await page()
    expect(wall.get('[data-testid=cell-plate-1]').findAll('em').map((one) => one.text())).toEqual(['静音（主席）', '监听中'])
    expect(wall.get('[data-testid=cell-plate-0]').find('em').exists()).toBe(false)
    wall.unmount()
  })
})

describe('the sound of a wall', () => {
  const stream = {} as MediaStream

  afterEach(() => {
    window.localStorage.clear()
    vi.restoreAllMocks()
  })

  it('is off until somebody turns it on, which this computer remembers', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
    const make = () => mount(WallSound, { global: { plugins: [makeI18n()] }, props: { streams: [stream] } })
    const sound = make()
    expect(sound.get('[data-testid=wall-sound-key]').text()).toBe('无声 · 打开声音')
    expect(sound.find('audio').exists()).toBe(false)
    await sound.get('[data-testid=wall-sound-key]').trigger('click')
    expect(play).toHaveBeenCalledOnce()
    sound.unmount()
    const again = make()
    expect(again.find('audio').exists()).toBe(true)
    await again.get('[data-testid=wall-sound-key]').trigger('click')
    expect(again.find('audio').exists()).toBe(false)
    again.unmount()
    expect(make().get('[data-testid=wall-sound]').attributes('data-on')).toBe('false')
  })

  it('says that the browser wants a click first, and plays after it', async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockRejectedValueOnce(new DOMException('no', 'NotAllowedError')).mockResolvedValue()
    window.localStorage.setItem('wall-sound', 'on')
    const sound = mount(WallSound, { global: { plugins: [makeI18n()] }, props: { streams: [stream] } })
    await flushPromises()
    await sound.get('[data-testid=wall-sound-blocked]').trigger('click')
    await flushPromises()
    expect(play).toHaveBeenCalledTimes(2)
    expect(sound.find('[data-testid=wall-sound-blocked]').exists()).toBe(false)
  })
})
