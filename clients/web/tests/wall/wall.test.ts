// @vitest-environment jsdom
/** The wall: which layout a screen shows, and what it says where it shows none. */
import { mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'

import { makeI18n } from '@/i18n'
import { shownOn, type Trouble } from '@/pages/wall/useWall'
import WallPage from '@/pages/wall/WallPage.vue'
import type { Layout, Stage } from '@/protocol/types'

const LAYOUT: Layout = { grid: '4', cells: ['a', 'b', 'c', 'd'], to: 'wall', plates: true }
const STAGE: Stage = { broadcast: null, views: {}, layout: LAYOUT, locked: null, voice: false, second: null }

const { trouble, asOf } = await vi.hoisted(async () => {
  const vue = await import('vue')
  return { trouble: vue.ref<unknown>(), asOf: vue.ref<unknown>() }
})
vi.mock('@/state/live', () => ({ useLive: () => ({ freshness: { asOf } }) }))
vi.mock('@/state/session', () => ({ useSession: () => ({ account: { value: { id: 'me' } }, api: {} }) }))
vi.mock('vue-router', () => ({ useRouter: () => ({ replace: vi.fn() }) }))
vi.mock('@/pages/wall/useWall', async (original) => ({
  ...(await original<object>()),
  useWall: () => ({
    room: { refused: ref() }, view: ref({ title: '防汛调度' }), shape: ref(LAYOUT), beside: ref(), trouble, sizes: { report: () => undefined }, again: vi.fn(),
    cells: ref(LAYOUT.cells.map((who) => ({ source: who, stream: undefined, center: who, name: `中心${String(who)}`, more: '村社区 · 值守', onAir: false, why: '' }))),
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
