// @vitest-environment jsdom
/** Alarms on a desk: what stands first, what its keys do from where one is, what is told when it is seen, and when it sounds. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'

import { linesOf } from '@/features/alarms/desk'
import { broadcastKey, cameraKey, lookKey, orderKey } from '@/features/alarms/keys'
import { useAlarmSound } from '@/features/alarms/sound'
import AlarmWay from '@/features/alarms/AlarmWay.vue'
import { makeI18n } from '@/i18n'
import { Bell, type Note } from '@/parts/tone'
import { Api } from '@/protocol/api'
import type { Account, Alarm, AlarmBy } from '@/protocol/types'
import { makeRouter } from '@/router'
import { isAnswered, waiting } from '@/state/alarms'
import { connectOver } from '@/state/live'
import { makeSession, sessionKey } from '@/state/session'
import type { Shell } from '@/state/shell'

import { CENTERS, CITY, COUNTY, LEADER, snapshot, TOWN, VILLAGE } from '../support/examples'
import { FakeHub } from '../support/fakeHub'

enableAutoUnmount(afterEach)
const COUNTY_LEADER: Account = { ...LEADER, id: 'a_county', name: '李某', center: { code: COUNTY, name: '临湘市', level: 'county', parent: CITY, path: ['岳阳市', '临湘市'] } }
const BY: AlarmBy = { at: '2026-11-23T08:01:00.000000Z', by: { account: 'a_county', name: '李某', center: COUNTY, center_name: '临湘市' } }

function alarm(id: string, news: Partial<Alarm> = {}): Alarm {
  return {
    id, kind: 'situation', severity: 'critical', state: 'open', center: VILLAGE, name: '坦渡村', owner: { center: TOWN, name: '坦渡镇' }, meeting: null, report: 'e_1', order: null,
    text: '水位上涨', words: {}, raised_at: `2026-11-23T08:00:0${id.at(-1) ?? '0'}.000000Z`, escalates_at: null, delivered: null, acknowledged: null, ordered: null, escalated: null, cleared: null, ...news,
  } as Alarm
}

describe('what calls for a desk', () => {
  it('is what is critical from below, and warnings of its own center only', () => {
    const own = alarm('w_2', { kind: 'overdue', severity: 'warning', center: COUNTY, owner: { center: COUNTY, name: '临湘市' } })
    const ids = (account: Account): string[] => waiting([alarm('w_1'), own], account).map((one) => one.id)
    expect(ids(LEADER)).toEqual(['w_1'])
    expect(ids(COUNTY_LEADER)).toEqual(['w_1', 'w_2'])
  })

  it('has first what came up to it, then the newest; what somebody acknowledged waits no more', () => {
    const up = alarm('w_1', { escalated: { at: BY.at, center: CITY, name: '岳阳市' } })
    const list = [alarm('w_3', { state: 'acknowledged', acknowledged: BY }), alarm('w_2'), up, alarm('w_4')]
    expect(waiting(list, LEADER).map((one) => one.id)).toEqual(['w_1', 'w_4', 'w_2'])
  })

  it('is nothing for a clerk, and nothing of what one reported oneself', () => {
    expect(isAnswered(alarm('w_1'), { ...LEADER, role: 'clerk' })).toBe(false)
    expect(isAnswered(alarm('w_1', { center: COUNTY, owner: { center: CITY, name: '岳阳市' } }), COUNTY_LEADER)).toBe(false)
  })
})

describe('the lines of the strip', () => {
  const node = { id: 'node', says: 'console.alarm.node', critical: true }
  const space = { id: 'space-data', says: 'console.alarm.space.data', critical: false }

  it('begin with the hub being away, then what is critical; what the hub says of itself stands once', () => {
    const service = alarm('w_5', { kind: 'service', words: { part: 'node' } })
    const late = alarm('w_6', { kind: 'overdue', severity: 'warning' })
    expect(linesOf([node, space], [service, late], undefined).map((one) => one.id)).toEqual(['w_5', 'space-data', 'w_6'])
    expect(linesOf([node, space], [], undefined).map((one) => one.id)).toEqual(['node', 'space-data'])
    expect(linesOf([{ id: 'away', says: 'console.alarm.away', critical: false }], [alarm('w_1')], undefined).map((one) => one.id)).toEqual(['away', 'w_1'])
  })
})

describe('the keys of an alarm', () => {
  const t = makeI18n().global.t as (key: string, words?: Record<string, string | number>) => string
  function shell(news: object): Shell {
    return { account: LEADER, meeting: { value: undefined }, meetings: { value: [] }, can: () => true, act: vi.fn(), enter: vi.fn(), convene: vi.fn(), order: vi.fn(), ...news } as unknown as Shell
  }

  it('bring the picture from wherever one is: looked at, called in, entered, or convened', () => {
    const call = vi.fn()
    const inMeeting = { meeting: { value: { id: 'm_1' } } }
    expect(lookKey(alarm('w_1'), shell({ can: (verb: string) => verb === 'look' }), t, call).label).toBe('选看')
    const join = lookKey(alarm('w_1'), shell({ ...inMeeting, can: (verb: string) => verb === 'call' }), t, call)
    expect(join.label).toBe('呼入')
    join.press?.()
    expect(call).toHaveBeenCalledOnce()
    const lobby = shell({ can: (verb: string) => verb === 'call' })
    const convene = lookKey(alarm('w_1'), lobby, t, call)
    expect(convene.label).toBe('召集')
    convene.press?.()
    expect(lobby.convene).toHaveBeenCalledWith({ centers: [{ code: VILLAGE, name: '坦渡村' }], text: '坦渡村 有情况', about: { what: 'alarm', id: 'w_1' } })
    const running = shell({ meetings: { value: [{ id: 'm_7' }] }, can: () => false })
    lookKey(alarm('w_1', { kind: 'lost', meeting: 'm_7' }), running, t, call).press?.()
    expect(running.enter).toHaveBeenCalledWith('m_7')
    expect(lookKey(alarm('w_1', { kind: 'disk' }), shell({}), t, call).press).toBeUndefined()
  })

  it('put its center on the stage of the running meeting, once, and never what is no situation', () => {
    const seat = { id: 'a_v', center: VILLAGE, state: 'joined' }
    const meeting = (broadcast: string | null) => ({ value: { view: { value: { meeting: { participants: [seat], broadcast } } } } })
    const at = shell({ meeting: meeting(null), can: (verb: string) => verb === 'broadcast' })
    const key = broadcastKey(alarm('w_1'), at, t)
    expect(key.label).toBe('广播')
    key.press?.()
    expect(at.act).toHaveBeenCalledWith('broadcast', { code: VILLAGE, name: '坦渡村' })
    // the key of the desk would end it
    const on = broadcastKey(alarm('w_1'), shell({ meeting: meeting('a_v') }), t)
    expect([on.label, on.press]).toEqual(['广播中', undefined])
    expect(broadcastKey(alarm('w_1'), shell({ can: () => false }), t).press).toBeUndefined()
    expect(broadcastKey(alarm('w_1', { kind: 'disk' }), at, t).press).toBeUndefined()
  })

  it('show the cameras of the place, that which it is about first, and none of what is no place', () => {
    const at = shell({ lookAt: vi.fn() })
    cameraKey(alarm('w_1'), at, t).press?.()
    expect(at.lookAt).toHaveBeenLastCalledWith({ code: VILLAGE, name: '坦渡村' })
    cameraKey(alarm('w_1', { kind: 'camera' as never, words: { camera: 'ca_1' } }), at, t).press?.()
    expect(at.lookAt).toHaveBeenLastCalledWith({ code: VILLAGE, name: '坦渡村', camera: 'ca_1' })
    expect(cameraKey(alarm('w_1', { kind: 'disk' }), at, t).press).toBeUndefined()
  })

  it('order about a situation, with its words above the order', () => {
    const at = shell({})
    orderKey(alarm('w_1'), at, t).press?.()
    expect(at.order).toHaveBeenCalledWith(expect.objectContaining({ about: { what: 'alarm', id: 'w_1' }, quote: expect.stringContaining('水位上涨') as string }))
    expect(orderKey(alarm('w_1', { kind: 'disk' }), at, t).press).toBeUndefined()
  })
})

describe('the way of an alarm', () => {
  it('names each step with who took it, and the steps that nobody has taken', () => {
    const way = (one: Alarm) => mount(AlarmWay, { props: { alarm: one }, global: { plugins: [makeI18n()] } }).findAll('li').map((step) => step.attributes('data-testid'))
    expect(way(alarm('w_1'))).toEqual(['way-raised', 'way-waits-delivered', 'way-waits-acknowledged'])
    expect(way(alarm('w_1', { state: 'acknowledged', delivered: { ...BY, at: '2026-11-23T08:00:30.000000Z' }, acknowledged: BY }))).toEqual(['way-raised', 'way-delivered', 'way-acknowledged'])
  })
})

describe('the tone', () => {
  class SilentBell extends Bell {
    readonly played: number[] = []
    state: 'running' | 'suspended' = 'suspended'
    override audio(): AudioContext { return { state: this.state } as AudioContext }
    override wake(): Promise<void> { return this.state === 'running' ? Promise.resolve() : new Promise(() => undefined) }
    override play(_: readonly Note[], loudness = 1): void { this.played.push(loudness) }
    override close(): void { /* nothing is open */ }
  }
  beforeEach(() => {
    localStorage.clear()
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  function sound(bell: Bell) {
    let made: ReturnType<typeof useAlarmSound> | undefined
    mount({ setup() { made = useAlarmSound(bell); return () => null } })
    if (made === undefined) throw new Error('not made')
    return made
  }

  it('says so where the browser does not let it sound, until somebody presses a key', async () => {
    const bell = new SilentBell()
    const { ring, blocked } = sound(bell)
    ring('critical')
    await vi.advanceTimersByTimeAsync(1000)
    expect(blocked.value).toBe(true)
    bell.state = 'running'
    document.dispatchEvent(new Event('pointerdown'))
    await vi.advanceTimersByTimeAsync(0)
    expect(blocked.value).toBe(false)
  })

  it('is as loud as this machine has it, and remembers that', async () => {
    const bell = new SilentBell()
    bell.state = 'running'
    const { ring, turn, loudness } = sound(bell)
    ring('critical')
    await vi.advanceTimersByTimeAsync(0)
    turn()
    expect(loudness.value).toBe('soft')
    turn()
    await vi.advanceTimersByTimeAsync(0)
    const before = bell.played.length
    ring('critical')
    await vi.advanceTimersByTimeAsync(0)
    expect(loudness.value).toBe('off')
    expect(bell.played).toHaveLength(before)
    expect(sound(bell).loudness.value).toBe('off')
  })
})

/** The frame in a room of words, before a hub in memory that knows these alarms. */
async function frame(alarms: readonly Alarm[], account: Account = LEADER) {
  HTMLDialogElement.prototype.showModal = function show() { this.setAttribute('open', '') }
  HTMLDialogElement.prototype.close = function close() { this.removeAttribute('open') }
  vi.stubGlobal('ResizeObserver', class { observe() { /* no layout */ } disconnect() { /* no layout */ } })
  const hub = new FakeHub()
  hub.greeting = { can: ['meeting.open', 'order.issue'] }
  connectOver(() => hub.wire)
  const commands: string[] = []
  const call = hub.wire.call.bind(hub.wire)
  const noting: typeof call = async (name, body, ...rest) => {
    if (name === 'command') commands.push((body as { kind: string }).kind)
    return call(name, body, ...rest)
  }
  Object.assign(hub.wire, { call: noting })
  const api = new Api((input) => {
    const url = new URL(String(input), 'http://hub.test')
    const name = /\/api\/v1\/(\w+)/.exec(url.pathname)?.[1] ?? ''
    const state = url.searchParams.get('state')
    const answers: Record<string, unknown> = {
      session: { account, last_sign_in: null, expires_at: '2026-12-01T00:00:00Z' },
      meetings: { meetings: [{ ...snapshot(), joined: 1, hits: [] }], next: null },
      centers: { centers: CENTERS, next: null },
      alarms: { alarms: alarms.filter((one) => state === null || one.state === state), next: null },
    }
    return Promise.resolve(new Response(JSON.stringify(answers[name] ?? {}), { status: 200 }))
  })
  const session = makeSession(api)
  await session.resume()
  const router = makeRouter({ whoami: () => Promise.resolve(account.role) }, createMemoryHistory())
  for (const route of router.getRoutes()) if (route.name === 'overview' && route.components) route.components = { default: { template: '<button data-testid="elsewhere">x</button>' } }
  await router.push('/')
  const wrapper = mount({ template: '<RouterView />' }, { global: { plugins: [makeI18n(), router], provide: { [sessionKey as symbol]: session } }, attachTo: document.body })
  await flushPromises()
  await vi.waitFor(() => { expect(wrapper.find('[data-testid="elsewhere"]').exists()).toBe(true) })
  return { wrapper, hub, commands }
}

describe('the strip', () => {
  afterEach(() => {
    document.body.innerHTML = ''
  })

  it('shows what the hub tells, says that it does, is gone to by F6, and says who acknowledged it', async () => {
    const { wrapper, hub, commands } = await frame([])
    expect(wrapper.find('[data-testid="alarms"]').exists()).toBe(false)
    hub.tell('changed', { what: 'alarm', id: 'w_1', seq: 9, meeting: null, value: alarm('w_1') })
    await vi.waitFor(() => { expect(wrapper.get('[data-testid="alarms"]').text()).toContain('坦渡村') })
    expect(wrapper.get('[data-testid="figure-alarms-situation"]').text()).toContain('1')
    await vi.waitFor(() => { expect(commands).toEqual(['alarm.deliver']) })
    const elsewhere = wrapper.get('[data-testid="elsewhere"]').element as HTMLElement
    elsewhere.focus()
    const f6 = (): boolean => window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F6', cancelable: true }))
    f6()
    expect(wrapper.get('[data-testid="alarms"]').element.contains(document.activeElement)).toBe(true)
    f6()
    expect(document.activeElement).toBe(elsewhere)
    hub.tell('changed', { what: 'alarm', id: 'w_1', seq: 10, meeting: null, value: alarm('w_1', { state: 'acknowledged', delivered: BY, acknowledged: BY }) })
    await vi.waitFor(() => { expect(wrapper.get('[data-testid="alarm-news"]').text()).toContain('临湘市 李某 已阅') })
    expect(wrapper.find('[data-testid="strip-acknowledge"]').exists()).toBe(false)
  })

  it('has the highest alone, the others on a key, and each is told as shown when it is', async () => {
    const { wrapper, commands } = await frame([alarm('w_2'), alarm('w_1')])
    await vi.waitFor(() => { expect(wrapper.get('[data-testid="alarms-more"]').text()).toBe('还有 1') })
    expect(wrapper.find('[data-testid="strip-w_2"]').exists()).toBe(true)
    await vi.waitFor(() => { expect(commands).toHaveLength(1) })
    await wrapper.get('[data-testid="alarms-more"]').trigger('click')
    expect(wrapper.find('[data-testid="more-w_1"]').exists()).toBe(true)
    await vi.waitFor(() => { expect(commands).toHaveLength(2) })
  })

  it('has what is wrong with the hub before what is reported to it', async () => {
    const { wrapper, hub } = await frame([alarm('w_1')], LEADER)
    await vi.waitFor(() => { expect(wrapper.find('[data-testid="strip-w_1"]').exists()).toBe(true) })
    hub.tell('hub', { journal: false, node: true, recorder: true, recording: true, low_on_space: [] })
    await vi.waitFor(() => { expect(wrapper.get('[data-testid="alarm-journal"]').attributes('role')).toBe('alert') })
  })
})
