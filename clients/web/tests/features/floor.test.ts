// @vitest-environment jsdom
/** The floor as people see it: who waits longest first, what keys there are, what a station is told in words. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref, shallowRef } from 'vue'

import { floorOf, left, newsOf } from '@/features/floor/claims'
import consolePart from '@/features/floor/console'
import FloorPanel from '@/features/floor/FloorPanel.vue'
import FloorStrip from '@/features/floor/FloorStrip.vue'
import stationPart from '@/features/floor/station'
import { minutes } from '@/parts/minutes'
import type { ConsoleDesk, StationDesk } from '@/features/contract'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import type { Answer, Claim, FloorSettings, Participant } from '@/protocol/types'

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
const plugins = [makeI18n()]
const NOW = Date.parse('2026-11-23T08:05:00Z')
const claim = (state: Claim['state'], place: number, more: Partial<Claim> = {}): Claim => ({
  state,
  place,
  at: '2026-11-23T08:04:00.000000Z',
  until: null,
  left_ms: null,
  reason: '',
  answer: '',
  over: false,
  ...more,
})
const ROWS = new Map([
  ['a_3', claim('waiting', 2)],
  ['a_1', claim('speaking', 0, { until: '2026-11-23T08:06:20.000000Z' })],
  ['a_2', claim('waiting', 1, { at: '2026-11-23T08:01:40.000000Z' })],
])
const PEOPLE: Record<string, { name: string; center_name: string }> = {
  a_1: { name: '李某', center_name: '坦渡村' },
  a_2: { name: '张某', center_name: '长岭社区' },
  a_3: { name: '赵某', center_name: '临湘市' },
}
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })

const SETTINGS: FloorSettings = { order: 'asked', seconds: null, at_end: 'ends', shows: false }

afterEach(() => {
  document.body.innerHTML = ''
})

describe('the floor', () => {
  it('has the one who speaks, and those who wait, the longest first', () => {
    const floor = floorOf(ROWS)
    expect(floor.speaker?.id).toBe('a_1')
    expect(floor.waiting.map((one) => one.id)).toEqual(['a_2', 'a_3'])
    expect(floorOf(new Map())).toEqual({ speaker: undefined, waiting: [] })
  })

  it('counts the time that is left down to nothing', () => {
    expect(left(claim('speaking', 0), NOW)).toBeUndefined()
    expect(left({ until: '2026-11-23T08:06:20.000000Z', left_ms: null }, NOW)).toBe(80_000)
    expect(left({ until: '2026-11-23T08:04:00.000000Z', left_ms: null }, NOW)).toBe(0)
    expect(left({ until: null, left_ms: 42_000 }, NOW), 'it stands still while the meeting is paused').toBe(42_000)
    expect([80_000, 79_001, 9_000, 0].map(minutes)).toEqual(['1:20', '1:20', '0:09', '0:00'])
  })

  it('tells what became of a request, but not what one did oneself', () => {
    const [waits, speaks] = [claim('waiting', 1), claim('speaking', 0)]
    expect(newsOf(undefined, waits, false)).toBe('')
    expect(newsOf(waits, speaks, false)).toBe('granted')
    expect(newsOf(undefined, speaks, false)).toBe('granted')
    expect(newsOf(speaks, speaks, false)).toBe('')
    expect(newsOf(speaks, undefined, false)).toBe('over')
    expect(newsOf(waits, undefined, false)).toBe('refused')
    expect(newsOf(speaks, undefined, true)).toBe('')
    expect(newsOf(waits, undefined, true)).toBe('')
  })
})

describe('the panel', () => {
  const panel = (rows: ReadonlyMap<string, Claim>, control = true, settings: FloorSettings = SETTINGS) =>
    mount(FloorPanel, {
      props: { actions: silent, floor: floorOf(rows), settings, control, now: NOW, personOf: (id: string) => PEOPLE[id] },
      global: { plugins },
    })

  it('shows who speaks and the time that is left, and gives the floor for the time that was chosen', async () => {
    const wrapper = panel(ROWS)
    expect(wrapper.get('[data-testid="floor-speaker"]').text()).toContain('坦渡村 发言中')
    expect(wrapper.get('[data-testid="floor-speaker"]').text()).toContain('还剩 1:20')
    expect(wrapper.findAll('[role="listitem"]').map((row) => row.get('.who b').text())).toEqual(['长岭社区', '临湘市'])
    expect(wrapper.get('[data-testid="floor-a_2"]').text()).toContain('等了 3:20')
    await wrapper.get('[data-testid="floor-grant-a_3"]').trigger('click')
    await wrapper.get('[data-testid="floor-seconds"]').setValue(120)
    expect(wrapper.emitted('set')).toEqual([[{ ...SETTINGS, seconds: 120 }]])
    await wrapper.setProps({ settings: { ...SETTINGS, seconds: 120 } })
    await wrapper.get('[data-testid="floor-grant-a_2"]').trigger('click')
    expect(wrapper.emitted('grant')).toEqual([
      ['a_3', null],
      ['a_2', 120],
    ])
    await wrapper.get('[data-testid="floor-deny-a_2"]').trigger('click')
    await wrapper.get('[data-testid="floor-deny-reason"]').setValue(' 请先书面报告 ')
    await wrapper.get('[data-testid="floor-deny-confirm"]').trigger('click')
    await wrapper.get('[data-testid="floor-revoke"]').trigger('click')
    expect([wrapper.emitted('deny'), wrapper.emitted('revoke')]).toEqual([[['a_2', '请先书面报告']], [['a_1']]])
    await wrapper.get('[data-testid="floor-more"]').trigger('click')
    expect(wrapper.emitted('grant')?.at(-1)).toEqual(['a_1', 140])
  })

  it('says what somebody wants to speak about, moves him, and says that a time ends or is over', async () => {
    const rows = new Map([...ROWS, ['a_2', claim('waiting', 1, { reason: '堤脚渗水' })]])
    const wrapper = panel(rows)
    expect(wrapper.get('[data-testid="floor-a_2"]').text()).toContain('堤脚渗水')
    expect(wrapper.get('[data-testid="floor-up-a_2"]').attributes('disabled')).toBeDefined()
    await wrapper.get('[data-testid="floor-down-a_2"]').trigger('click')
    await wrapper.get('[data-testid="floor-up-a_3"]').trigger('click')
    expect(wrapper.emitted('move')).toEqual([
      ['a_2', 2],
      ['a_3', 1],
    ])
    expect(wrapper.get('[data-testid="floor-time"]').classes()).not.toContain('short')
    await wrapper.setProps({ now: Date.parse('2026-11-23T08:06:12Z') })
    expect(wrapper.get('[data-testid="floor-time"]').classes()).toContain('short')
    const over = new Map([['a_1', claim('speaking', 0, { until: '2026-11-23T08:04:30.000000Z', over: true })]])
    expect(panel(over).get('[data-testid="floor-time"]').text()).toBe('超时 0:30')
  })

  it('sets how the floor is given', async () => {
    const wrapper = panel(new Map())
    await wrapper.get('[data-testid="floor-order"]').setValue('level')
    await wrapper.get('[data-testid="floor-at-end"]').setValue('stays')
    await wrapper.get('[data-testid="floor-shows"]').setValue(true)
    expect(wrapper.emitted('set')).toEqual([[{ ...SETTINGS, order: 'level' }], [{ ...SETTINGS, at_end: 'stays' }], [{ ...SETTINGS, shows: true }]])
    expect(panel(new Map(), false).find('[data-testid="floor-settings"]').exists()).toBe(false)
  })

  it('has no key for whoever may not give the floor, and says that nobody waits', () => {
    expect(panel(ROWS, false).findAll('button')).toEqual([])
    expect(panel(new Map()).text()).toContain('没有人申请发言')
    expect(panel(new Map()).text()).toContain('现在没有人有发言权')
  })

  it('draws only the rows in sight of a thousand', () => {
    const many = new Map(Array.from({ length: 1000 }, (_, n) => [`a_${String(n)}`, claim('waiting', n + 1)]))
    expect(panel(many).findAll('[role="listitem"]').length).toBeLessThan(30)
  })
})

describe('on the console', () => {
  const rows = shallowRef<ReadonlyMap<string, Claim>>(new Map())
  const can = shallowRef<ReadonlySet<string>>(new Set(['meeting.control']))
  const sent: [string, string, unknown][] = []
  const desk = {
    room: { parts: { rows: () => rows, value: () => ref(SETTINGS) }, can, person: (id: string) => PEOPLE[id] },
    actions: silent,
    now: ref(NOW),
    send: (name: string, kind: string, data: unknown) => {
      sent.push([name, kind, data])
      return Promise.resolve(true)
    },
    select: () => undefined,
    t: (key: string, words: Record<string, unknown> = {}) => `${key} ${JSON.stringify(words)}`,
  } as unknown as ConsoleDesk
  const person = { id: 'a_1' } as Participant

  beforeEach(() => {
    sent.length = 0
    rows.value = new Map()
  })

  it('the tab counts who waits, and one hears who asked last', () => {
    const on = consolePart.desk(desk)
    expect([on.tabs[0]?.count(), on.waiting(), on.spoken()]).toEqual([0, 0, ''])
    rows.value = ROWS
    expect([on.tabs[0]?.count(), on.waiting()]).toEqual([2, 2])
    expect(on.spoken()).toContain('临湘市')
  })

  it('the key of the selected one gives the floor, and takes it back', () => {
    const on = consolePart.desk(desk)
    expect(on.about(undefined)[0]).toMatchObject({ where: 'bar', disabled: true })
    on.about(person)[0]?.press()
    rows.value = ROWS
    expect(on.about(person)[0]).toMatchObject({ where: 'both', label: { says: 'floor.key.revoke' }, tone: 'on' })
    on.about(person)[0]?.press()
    expect(sent).toEqual([
      ['floor:a_1', 'floor.grant', { participant: 'a_1', seconds: null }],
      ['floor:a_1', 'floor.revoke', { participant: 'a_1' }],
    ])
    can.value = new Set()
    expect(on.about(person)[0]).toMatchObject({ disabled: true })
    can.value = new Set(['meeting.control'])
  })
})

describe('at the station', () => {
  const rows = shallowRef<ReadonlyMap<string, Claim>>(new Map())
  const room = shallowRef<unknown>()
  const run = vi.fn(() => Promise.resolve(undefined))
  const scope = effectScope()
  const desk = { account: { id: 'a_1' }, actions: { run }, room, now: ref(NOW) } as unknown as StationDesk

  beforeEach(() => {
    vi.useFakeTimers()
    room.value = { id: 'm_1', parts: { rows: () => rows } }
    rows.value = new Map()
    run.mockClear()
  })
  afterEach(() => {
    vi.useRealTimers()
    scope.stop()
  })

  it('one key asks, takes back and finishes; the words say how one stands', async () => {
    const on = effectScope().run(() => stationPart.station(desk))
    if (on === undefined) throw new Error('no station')
    const says = () => mount(FloorStrip, { props: on.strip.given() as never, global: { plugins } }).text()
    const press = () => on.keys()[0]?.press()
    expect([on.keys()[0]?.state, says()]).toEqual(['none', ''])
    press()
    rows.value = new Map([['a_1', claim('waiting', 2)]])
    await nextTick()
    expect([on.keys()[0]?.state, says()]).toEqual(['waiting', '已申请，排第 2 位'])
    press()
    rows.value = new Map([['a_1', claim('speaking', 0, { at: new Date().toISOString(), until: '2026-11-23T08:06:20.000000Z' })]])
    await nextTick()
    expect(on.keys()[0]?.state).toBe('speaking')
    expect(says()).toContain('请您发言')
    expect(says()).toContain('还剩 1:20')
    rows.value = new Map()
    await nextTick()
    expect(says()).toBe('发言已结束')
    vi.advanceTimersByTime(8_000)
    await nextTick()
    expect(says()).toBe('')
    expect(run.mock.calls).toEqual([
      ['floor', 'floor.request', {}, 'm_1'],
      ['floor', 'floor.withdraw', {}, 'm_1'],
    ])
  })

  it('says so when the request was turned down, but not when one took it back', async () => {
    const on = effectScope().run(() => stationPart.station(desk))
    if (on === undefined) throw new Error('no station')
    const says = () => mount(FloorStrip, { props: on.strip.given() as never, global: { plugins } }).text()
    rows.value = new Map([['a_1', claim('waiting', 1)]])
    await nextTick()
    rows.value = new Map()
    await nextTick()
    expect(says()).toContain('可以再申请')
    rows.value = new Map([['a_1', claim('waiting', 1)]])
    await nextTick()
    on.keys()[0]?.press()
    rows.value = new Map()
    await nextTick()
    expect(says()).toBe('')
  })
})
