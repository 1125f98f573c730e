// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { troubleOf } from '@/parts/camera/brought'
import LinesPanel from '@/pages/console/LinesPanel.vue'
import TileView from '@/pages/console/TileView.vue'
import { tileSizes, tileSizesKey } from '@/parts/tileSizes'
import VideoView from '@/parts/VideoView.vue'
import type { Answer, Participant } from '@/protocol/types'
import { badLines, type Line } from '@/state/lines'
import { ownLine } from '@/state/ownLine'

import { joined, ref, VILLAGE } from '../support/examples'
import { stream } from '../support/fakeMedia'

const observers: (() => void)[] = []
vi.stubGlobal(
  'ResizeObserver',
  class {
    constructor(told: () => void) {
      observers.push(told)
    }
    observe(): void {
      // a test says when something changed
    }
    disconnect(): void {
      // nothing is held
    }
  },
)
vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(() => Promise.resolve())
const plugins = [makeI18n()]
const village = joined(ref('a_village', VILLAGE, '坦渡村'))
const now = Date.parse('2026-11-23T08:03:20Z')

afterEach(() => {
  document.body.innerHTML = ''
})

describe('the panel of lines', () => {
  const poor: Line = { state: 'poor', since: '2026-11-23T08:00:00.000000Z', loss_permille: 128, bitrate_bps: 412_000, rtt_ms: 240 }
  const panel = (lines = badLines([village], new Map([['a_village', poor]]), new Map(), new Map()), more: object = {}) =>
    mount(LinesPanel, { props: { lines, people: 3, now, asOf: undefined, own: ownLine(), relayed: [] as Participant[], ...more }, global: { plugins }, attachTo: document.body })

  it('says who has a bad line, since when, and how bad it is', () => {
    const line = panel().get('[data-testid="line-a_village"]')
    expect(line.attributes('data-state')).toBe('poor')
    for (const words of ['坦渡村', '线路差', '已 00:03:20', '12.8%', '240 ms', '412 kbit/s']) expect(line.text()).toContain(words)
  })

  it('names who is connected over the relay, and lets the own pictures be chosen', async () => {
    const own = ownLine()
    own.goes(['direct', 'relay'])
    const wrapper = panel([], { own, relayed: [village] })
    const relayed = wrapper.get('[data-testid="lines-relayed"]')
    expect(relayed.text()).toContain('经中继 1 方')
    await relayed.get('button').trigger('click')
    expect(wrapper.emitted('select')).toEqual([['a_village']])
    expect(wrapper.get('[data-testid="line-way"]').text()).toContain('中继')
    await wrapper.get('[data-testid="line-take-stage"]').trigger('click')
    expect(own.pictures.value).toBe('stage')
    own.choose('all')
  })

  it('says what a person with a bad line takes, and by which way', () => {
    const said = new Map([['a_village', { id: 'a_village', state: 'online', camera: 'on', microphone: 'on', publishing: true, way: 'relay', pictures: 'none' } as const]])
    const text = panel(badLines([village], new Map([['a_village', poor]]), new Map(), said)).get('[data-testid="line-a_village"]').text()
    expect(text).toContain('中继')
    expect(text).toContain('只听声音')
  })

  it('says in words that all are good', () => {
    expect(panel([]).get('[data-testid="lines-none"]').text()).toBe('全部线路良好')
  })

  it('is reached and left by the keyboard', async () => {
    const wrapper = panel()
    expect(document.activeElement).toBe(wrapper.element)
    await wrapper.get('.who').trigger('click')
    expect(wrapper.emitted('select')).toEqual([['a_village']])
    await wrapper.trigger('keydown', { key: 'Escape' })
    expect(wrapper.emitted('close')?.length).toBe(1)
  })
})

describe('a tile', () => {
  const actions = useActions({ command: () => new Promise<Answer>(() => undefined) })
  const tile = (more: object = {}) =>
    mount(TileView, {
      props: {
        actions,
        source: 'a_village',
        screen: false,
        person: village,
        state: 'arrived',
        stream: undefined,
        hasPicture: true,
        trouble: undefined,
        level: undefined,
        quality: 'fair',
        mode: [],
        selected: false,
        broadcast: false,
        keys: [],
        number: 1,
        ...more,
      },
      global: { plugins },
    })

  it('says how well its picture gets through, by shape and by word', () => {
    const mark = tile().get('[data-quality="fair"]')
    expect(mark.attributes('aria-label')).toBe('画面一般')
    expect(mark.attributes('title')).toBe('画面一般')
    expect(tile({ quality: undefined }).find('[data-quality]').exists()).toBe(false)
  })

  it('of a camera says why there is no picture for this browser, and never that all is well', () => {
    const camera = { source: 'ca_1', person: { ...village, id: 'ca_1' }, state: 'camera' as const }
    const told = { meeting: 'm_1', kind: 'brought' as const, camera: 'ca_1', picture: { state: 'playing' as const, reason: '', instead: null }, without_h264: { state: 'unplayable' as const, reason: 'quota', instead: 'snapshots' as const } }
    expect(troubleOf(undefined, false)).toBeUndefined()
    expect(troubleOf(told, true)).toBeUndefined()
    expect(tile(camera).text()).toContain('摄像头 · 画面正常')
    const dark = tile({ ...camera, trouble: troubleOf(told, false) })
    expect(dark.text()).toContain('转码名额已满')
    expect(dark.text()).toContain('摄像头 · 无画面')
    expect(dark.text()).not.toContain('画面正常')
    expect(dark.attributes('aria-label')).toContain('摄像头 · 无画面')
    const away = tile({ ...camera, trouble: troubleOf({ ...told, picture: { state: 'reconnecting', reason: 'timeout', instead: null } }, true) })
    expect(away.text()).toContain('摄像头 · 重连中')
    expect(away.find('.blank').exists(), 'its last picture is seen on').toBe(false)
  })

  it('says in words that its line is weak, and that it goes over the relay', () => {
    expect(tile().find('[data-testid="tile-mode"]').exists()).toBe(false)
    const mode = ['lines.relay', 'lines.weak.none']
    expect(tile({ mode }).get('[data-testid="tile-mode"]').text()).toBe('中继 · 弱网：只听声音')
  })

  it('is selected by a click on its picture and looked at by two; its keys do no more than they say', async () => {
    const press = vi.fn()
    const wrapper = tile({ keys: [{ verb: 'mute', where: 'both', place: 30, name: 'mute', label: { says: 'participants.mute.on' }, press }] })
    await wrapper.get('video').trigger('click')
    expect(wrapper.emitted('select')).toHaveLength(1)
    expect(press).not.toHaveBeenCalled()
    await wrapper.get('video').trigger('dblclick')
    expect(wrapper.emitted('look')).toHaveLength(1)
    await wrapper.get('[data-testid="tile-mute-a_village"]').trigger('dblclick')
    expect(wrapper.emitted('look')).toHaveLength(1)
  })

  it('of a shared screen is called so, and has the keys that it is given', async () => {
    const press = vi.fn()
    const keys = [{ verb: 'look', where: 'tile', place: 20, name: 'look', label: { says: 'console.tile.look' }, press }]
    const wrapper = tile({ source: 'a_village:screen', screen: true, keys })
    expect(wrapper.text()).toContain('坦渡村 · 屏幕共享')
    await wrapper.get('[data-testid="tile-look-a_village:screen"]').trigger('click')
    expect(press).toHaveBeenCalledOnce()
  })
})

describe('an element that shows a stream', () => {
  it('tells its size in device pixels when it changes and that it is gone', () => {
    const shown = stream()
    const told: string[] = []
    const sizes = tileSizes([shown], (_at, size) => told.push(size.join('x')))
    vi.stubGlobal('devicePixelRatio', 2)
    const wrapper = mount(VideoView, { props: { stream: shown, label: '' }, global: { provide: { [tileSizesKey as symbol]: sizes } } })
    Object.defineProperties(wrapper.element, { clientWidth: { value: 320 }, clientHeight: { value: 180 } })
    observers.at(-1)?.()
    observers.at(-1)?.()
    wrapper.unmount()
    expect(told).toEqual(['0x0', '640x360', '0x0'])
  })
})
