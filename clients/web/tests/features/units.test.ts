// @vitest-environment jsdom
/** Units as people see them: what was proposed and is answered, that one is in a meeting above, whom one may invite or ask, parting. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'

import { above, below, isThere } from '@/features/units/around'
import record from '@/features/units/record'
import StationUpper from '@/features/units/StationUpper.vue'
import UnitsSheet from '@/features/units/UnitsSheet.vue'
import UnitStrip from '@/features/units/UnitStrip.vue'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { asGuest, isGuest } from '@/parts/attendance'
import type { Answer, Level, MeetingRef, Snapshot, Summary, Unit, Upper } from '@/protocol/types'
import { sessionKey } from '@/state/session'

const AT = '2026-11-23T08:00:00.000000Z'
const by = { account: 'a_1', name: '王某', center: '430600000000', center_name: '岳阳市' }
const CITY: MeetingRef = { meeting: 'm_city', title: '防汛调度', center: '430600000000', center_name: '岳阳市', level: 'city' }
const COUNTY: MeetingRef = { meeting: 'm_county', title: '临湘会商', center: '430682000000', center_name: '临湘市', level: 'county' }
const none: Upper = { state: null, of: null, by: null, at: null, muted: false, called: false, recorded: false }
const upper = (state: Upper['state'], more: Partial<Upper> = {}): Upper => ({ state, of: CITY, by, at: AT, muted: false, called: false, recorded: false, ...more })
const unit = (state: Unit['state'], of = COUNTY): Unit => ({ of, state, by, at: AT, participant: state === 'joined' ? 'a_chair' : null, present: 12, called: 14, counted_at: state === 'joined' ? AT : null })
const rows = (...all: Unit[]): ReadonlyMap<string, Unit> => new Map(all.map((one) => [one.of.meeting, one]))
const actions = useActions({ command: () => new Promise<Answer>(() => undefined) })
const who = (id: string, level: Level, center_name = '岳阳市') => ({ id, name: '王某', role: 'leader' as const, center: '1', center_name, level })
const summary = (id: string, level: Level, more: Partial<Summary> = {}): Summary =>
  ({ id, title: `会议${id}`, state: 'open', joined: 3, convener: who(`a_${id}`, level), chair: who(`a_${id}`, level), ...more }) as unknown as Summary
const snapshot = (level: Level, ...participants: { id: string; state: string }[]): Snapshot => ({ id: 'm_own', convener: who('a_own', level), participants }) as unknown as Snapshot
const global = { plugins: [makeI18n()] }
const reading = (meetings: Summary[]) => ({ ...global, provide: { [sessionKey as symbol]: { api: { meetings: async () => Promise.resolve({ meetings, next: null }) } } } })

describe('the strip', () => {
  const strip = (up: Upper, units = rows(), control = true) => mount(UnitStrip, { global, props: { actions, upper: up, units, control, leads: control } })

  it('asks the chair of a meeting that is invited, and nobody else', async () => {
    const page = strip(upper('invited'))
    expect(page.text()).toContain('岳阳市邀请本会议加入“防汛调度”')
    await page.get('[data-testid=unit-accept]').trigger('click')
    expect(page.emitted('accept')).toEqual([['m_city']])
    await page.get('[data-testid=unit-no]').trigger('click')
    expect(page.emitted('end')).toEqual([['m_city']])
    expect(strip(upper('invited'), rows(), false).find('button').exists()).toBe(false)
  })

  it('says that one is in a meeting above, and that it hears nothing of this one', () => {
    const page = strip(upper('joined'))
    expect(page.get('[data-testid=unit-strip]').text()).toContain('已加入 市级会议 岳阳市 · 防汛调度')
    expect(page.get('[data-testid=unit-heard]').text()).toBe('本会议由主席代表发言')
    expect(page.find('[data-testid=unit-recorded]').exists()).toBe(false)
    expect(strip(upper('joined', { recorded: true })).get('[data-testid=unit-recorded]').text()).toContain('上级会议录像中')
    expect(strip(upper('joined', { muted: true })).get('[data-testid=unit-heard]').text()).toContain('上级已静音本会议')
  })

  it('has the chair answer the roll call above', async () => {
    const page = strip(upper('joined', { called: true }))
    expect(page.get('[data-testid=unit-heard]').text()).toContain('上级点名，点到本会议')
    await page.get('[data-testid=unit-normal]').trigger('click')
    expect(page.emitted('normal')).toEqual([['m_city']])
    expect(strip(upper('joined')).find('[data-testid=unit-normal]').exists()).toBe(false)
  })

  it('has one that asks answered, tells how many more do, and who has joined with how many', async () => {
    const other = { ...COUNTY, meeting: 'm_other', center_name: '岳阳县' }
    const third = { ...COUNTY, meeting: 'm_third', center_name: '华容县' }
    const page = strip(none, rows(unit('asked'), unit('asked', other), unit('joined', third)))
    expect(page.get('[data-testid=unit-asks]').text()).toContain('临湘市的会议“临湘会商”申请加入')
    expect(page.get('[data-testid=unit-asks]').text()).toContain('还有 1 个')
    expect(page.get('[data-testid=unit-list]').text()).toContain('华容县 12 人')
    await page.get('[data-testid=unit-admit]').trigger('click')
    await page.get('[data-testid=unit-deny]').trigger('click')
    expect([page.emitted('accept'), page.emitted('end')]).toEqual([[['m_county']], [['m_county']]])
  })
})

describe('the sheet', () => {
  const sheet = async (level: Level, meetings: Summary[], up = none, units = rows(), ...there: { id: string; state: string }[]) => {
    const page = mount(UnitsSheet, { global: reading(meetings), props: { actions, me: 'a_own', meeting: snapshot(level, ...there), upper: up, units }, attachTo: document.body })
    await flushPromises()
    return page
  }

  it('has running meetings of levels below invited, and those above asked', async () => {
    const all = [summary('m_1', 'township'), summary('m_2', 'city'), summary('m_own', 'county'), summary('m_3', 'county'), summary('m_4', 'township', { state: 'ended' })]
    const page = await sheet('county', all)
    expect(page.findAll('[data-testid^="below:"]').map((one) => one.attributes('data-testid'))).toEqual(['below:m_1'])
    await page.get('[data-testid="below:m_1"] button').trigger('click')
    await page.get('[data-testid="above:m_2"] button').trigger('click')
    expect([page.emitted('invite'), page.emitted('ask')]).toEqual([[['m_1']], [['m_2']]])
    page.unmount()
  })

  it('says why there is nothing, and why a chair cannot sit for his meeting', async () => {
    const empty = await sheet('county', [])
    expect(empty.text()).toContain('没有可以加入的上级会议')
    expect(empty.text()).toContain('下级现在没有进行中的会议')
    empty.unmount()
    const page = await sheet('city', [summary('m_1', 'county')], none, rows(), { id: 'a_m_1', state: 'joined' })
    expect(page.get('[data-testid="below:m_1"]').text()).toContain('须先离会')
    expect(page.find('[data-testid=units-above]').exists()).toBe(false)
    page.unmount()
  })

  it('parts after one question that names what comes of it', async () => {
    const page = await sheet('city', [], none, rows(unit('joined')))
    expect(page.get('[data-testid="unit-row:m_county"]').text()).toContain('12 人在会，呼叫 14 个中心')
    await page.get('[data-testid="unit-row:m_county"] button').trigger('click')
    expect(page.emitted('end')).toBeUndefined()
    expect(page.get('[data-testid=unit-part]').text()).toContain('两个会议都继续')
    await page.get('[data-testid=unit-part-confirm]').trigger('click')
    expect(page.emitted('end')).toEqual([['m_county']])
    page.unmount()
  })
})

describe('around a meeting', () => {
  it('stand those of other levels that have not joined', () => {
    const all = [summary('m_1', 'city'), summary('m_2', 'township'), summary('m_county', 'township')]
    const own = snapshot('county', { id: 'a_chair', state: 'joined' }, { id: 'a_x', state: 'left' })
    expect(above(all, own, none).map((one) => one.id)).toEqual(['m_1'])
    expect(above(all, own, upper('joined', { of: { ...CITY, meeting: 'm_1' } }))).toEqual([])
    expect(below(all, own, rows(unit('joined'))).map((one) => one.id)).toEqual(['m_2'])
    expect(below([summary('m_2', 'township', { drill: true })], own, rows()), 'a drill joins drills alone').toEqual([])
    expect([isThere(own, 'a_chair', rows()), isThere(own, 'a_chair', rows(unit('joined'))), isThere(own, 'a_x', rows())]).toEqual([true, false, false])
  })

  it('a guest is seen by name, and nothing can be done to him', () => {
    expect(isGuest(asGuest(who('a_1', 'city')))).toBe(true)
  })
})

it('the station says in which meeting it is', () => {
  expect(mount(StationUpper, { global, props: { of: CITY } }).text()).toContain('已加入 市级会议岳阳市 · 防汛调度')
})

it('the record teaches who acted in the meeting above', () => {
  const known: string[] = []
  const learner = { person: (one: { id: string; name: string }) => known.push(`${one.id} ${one.name}`), center: () => undefined, words: () => undefined }
  const entry = { kind: 'meeting.paused', data: { by, reason: '', above: true } }
  record.learn(learner, entry as never)
  record.learn(learner, { kind: 'unit.joined', data: { by, chair: { id: 'a_2', name: '李某' } } } as never)
  expect(known).toEqual(['a_1 王某', 'a_1 王某', 'a_2 李某'])
})
