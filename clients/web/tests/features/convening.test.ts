// @vitest-environment jsdom
/** Calling again and further ones from the list of people; groups of centers that the hub keeps. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import PeoplePanel from '@/features/participants/PeoplePanel.vue'
import { makeI18n } from '@/i18n'
import GroupBox from '@/pages/console/GroupBox.vue'
import { useActions } from '@/parts/actions'
import type { Called } from '@/parts/attendance'
import { clockText } from '@/parts/now'
import type { Answer, ChangedEvent, Group } from '@/protocol/types'
import { useGroups } from '@/state/groups'
import type { Live } from '@/state/live'

import { CITY, CHAIR, COUNTY, joined, ref as person, TOWN, VILLAGE } from '../support/examples'

const plugins = [makeI18n()]
const OPENED = '2026-11-23T08:00:00.000000Z'
const BY = { account: CHAIR.id, name: CHAIR.name, center: CHAIR.center, center_name: CHAIR.center_name }
const group = (id: string, name: string, news: Partial<Group> = {}): Group => ({
  id, name, scope: 'own', centers: [TOWN], reaches: [], by: BY, at: OPENED, ...news,
})

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void { /* no layout */ } disconnect(): void { /* no layout */ } })
})
afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
  document.body.innerHTML = ''
})

describe('the list of people', () => {
  const declined = { at: OPENED, account: 'a_t', name: '李某', reason: 'handling' as const }
  const first = joined({ ...person('a_c', COUNTY, '临湘市'), name: '王某' })
  const second = { ...joined({ ...person('a_c2', COUNTY, '临湘市'), name: '张某' }), present: '赵某', duty: '值守' }
  const called: Called[] = [
    { code: COUNTY, people: [first, second], state: 'arrived', here: 2, calledAt: OPENED, times: 1 },
    { code: TOWN, people: [], state: 'declined', here: 0, calledAt: OPENED, times: 1, declined },
    { code: VILLAGE, people: [joined(person('a_v', VILLAGE, '坦渡村'))], state: 'offline', here: 0, calledAt: OPENED, times: 2, since: OPENED },
  ]
  const panel = (control = true) =>
    mount(PeoplePanel, {
      props: {
        called, control, nameOf: (code: string) => code, placeOf: () => '', deviceOf: () => '', further: ['430602000000'], levels: ['township'], board: '/command/m_1/arrivals', full: undefined,
        actions: useActions({ command: () => new Promise<Answer>(() => undefined) }),
      },
      global: { plugins },
      attachTo: document.body,
    })

  it('counts in one way, names both who came for one center, and says why somebody is missing', () => {
    const wrapper = panel()
    expect(wrapper.get('[data-testid="people-sum"]').text()).toBe('到会中心 1/3')
    expect(wrapper.get('.sum').text()).toContain('2 人')
    expect(wrapper.get(`[data-testid="person-${COUNTY}"]`).findAll('.names button').map((one) => one.text())).toEqual(['王某', '值守 赵某'])
    expect(wrapper.get(`[data-testid="person-${TOWN}"]`).text()).toContain('已拒接李某 · 正在处置')
    expect(wrapper.get(`[data-testid="person-${VILLAGE}"]`).text()).toContain(`不在线${clockText(OPENED)} 起`)
  })

  it('calls one again, all who are missing with those whose page is lost by name, and further ones', async () => {
    const wrapper = panel()
    for (const key of [`call-again-${TOWN}`, 'call-absent', 'call-further', 'call-township']) await wrapper.get(`[data-testid="${key}"]`).trigger('click')
    const none = { centers: [], subtree: null, level: null, absent: false }
    expect(wrapper.emitted('call')?.map(([, data]) => data)).toEqual([
      { ...none, centers: [TOWN] },
      { ...none, centers: [VILLAGE], absent: true },
      { ...none, centers: ['430602000000'] },
      { ...none, level: 'township' },
    ])
    expect(wrapper.find(`[data-testid="call-again-${COUNTY}"]`).exists()).toBe(false)
  })

  it('has no keys for whom they would be refused', () => {
    expect(panel(false).find('[data-testid^="call-"]').exists()).toBe(false)
  })
})

/** A socket whose words a test says. */
function fakeLive() {
  const heard = new Map<string, ((event: unknown) => void)[]>()
  const socket = {
    on: (name: string, handler: (event: unknown) => void) => {
      heard.set(name, [...(heard.get(name) ?? []), handler])
      return () => undefined
    },
  }
  return { live: { socket } as unknown as Live, tell: (name: string, event: unknown) => { for (const one of heard.get(name) ?? []) one(event) } }
}

describe('groups', () => {
  it('are read again when the hub says that one has changed, and an older answer changes nothing', async () => {
    const { live, tell } = fakeLive()
    const answers: ((groups: Group[]) => void)[] = []
    const list = effectScope().run(() => useGroups(live, () => new Promise((resolve) => answers.push(resolve))))
    tell('changed', { what: 'order' } as ChangedEvent)
    tell('changed', { what: 'group' } as ChangedEvent)
    expect(answers.length).toBe(2)
    answers[1]?.([group('g_2', '新')])
    answers[0]?.([group('g_1', '旧')])
    await flushPromises()
    expect(list?.all.value?.map((one) => one.name)).toEqual(['新'])
  })

  async function box(chosen: readonly string[], preset: 'counties' | null = null) {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ groups: [group('g_1', '防汛专班'), group('g_2', '各县区', { scope: 'center', centers: [], reaches: [{ center: CITY, to: 'county', only: true }] })] }))))
    const sent: [string, unknown][] = []
    const actions = useActions({ command: (kind: string, data: unknown) => { sent.push([kind, data]); return Promise.resolve({ seq: 1, entries: [] } as Answer) } })
    const props = { account: 'a_1', own: CITY, live: fakeLive().live, actions, chosen: new Set(chosen), preset }
    const wrapper = mount(GroupBox, { props, global: { plugins }, attachTo: document.body })
    await flushPromises()
    return { wrapper, sent }
  }

  it('are chosen with one touch, and kept under a name: what a preset means as its level', async () => {
    const { wrapper, sent } = await box([COUNTY], 'counties')
    await wrapper.get('[data-testid="group-各县区"]').trigger('click')
    expect(wrapper.emitted('use')?.[0]).toMatchObject([{ id: 'g_2' }])
    await wrapper.get('[data-testid="group-new"]').trigger('click')
    await wrapper.get('[data-testid="group-name"]').setValue('防汛专班')
    expect(wrapper.get('[data-testid="group-save"]').text()).toBe('覆盖同名组')
    await wrapper.get('[data-testid="group-save"]').trigger('click')
    expect(sent).toEqual([['group.save', { group: 'g_1', scope: 'own', name: '防汛专班', centers: [], reaches: [{ center: CITY, to: 'county', only: true }] }]])
  })

  it('of this browser are offered once, and are gone from it when the hub has them', async () => {
    localStorage.setItem('lianxian.groups.a_1', JSON.stringify([{ name: '沿江', centers: [TOWN] }]))
    const { wrapper, sent } = await box([])
    await wrapper.get('[data-testid="groups-take"]').trigger('click')
    await flushPromises()
    expect(sent.map(([kind]) => kind)).toEqual(['group.save'])
    expect([localStorage.getItem('lianxian.groups.a_1'), wrapper.find('[data-testid="groups-old"]').exists()]).toEqual([null, false])
  })

  it('that were removed can be taken back', async () => {
    const { wrapper, sent } = await box([])
    await wrapper.get('[aria-label="删除组 防汛专班"]').trigger('click')
    await flushPromises()
    await wrapper.get('[data-testid="group-undo"]').trigger('click')
    expect(sent.map(([kind]) => kind)).toEqual(['group.remove', 'group.save'])
  })
})
