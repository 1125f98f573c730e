// @vitest-environment jsdom
/** Grid members for a meeting: who can be called, how those stand that were, and the household that one shows. */
import { flushPromises, mount } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'

import { isOutOfKey } from '@/features/about'
import CasePanel from '@/features/phonesHere/CasePanel.vue'
import PhonesSheet from '@/features/phonesHere/PhonesSheet.vue'
import { makeI18n } from '@/i18n'
import type { Actions } from '@/parts/actions'
import VillageMembers from '@/parts/grids/VillageMembers.vue'
import { Api } from '@/protocol/api'
import type { CaseSeen, GridsPresent, Participant, PhoneSeat } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'

const VILLAGE = '430682115210'
const actions: Actions = { sending: () => false, problem: () => undefined, run: vi.fn(), add: vi.fn(), fail: vi.fn() }
const seat = (id: string, more: Partial<PhoneSeat> = {}): PhoneSeat => ({
  id, name: '云某', role: 'grid_member', center: VILLAGE, center_name: '坦渡村', level: 'village', state: 'joined', muted: false, joined_at: '2026-11-30T00:00:00Z', left_at: null,
  present: '', duty: '', grid_name: '一组', by: '王某', by_center: '临湘市', until: null, rings: false, why: null, household: null, grid: null, ...more,
})
const present: GridsPresent = {
  village: VILLAGE,
  grids: [
    { grid: `${VILLAGE}001`, name: '一组', leader: 'a_off', members: [] },
    { grid: `${VILLAGE}002`, name: '二组', leader: 'a_off', members: ['a_on', 'a_busy'] },
  ],
  people: [
    { account: 'a_off', name: '周某', role: 'grid_leader', online: false, seen_at: null, bound: true, busy: false },
    { account: 'a_on', name: '云某', role: 'grid_member', online: true, seen_at: null, bound: true, busy: false },
    { account: 'a_busy', name: '吴某', role: 'grid_member', online: true, seen_at: null, bound: true, busy: true },
  ],
  may_call: true,
  walked: [{ grid: `${VILLAGE}002`, account: 'a_on', visits: 12, reached: 10, last: '2026-11-30T00:00:00Z' }],
  at: '2026-11-30T00:00:00Z',
}
const seen: CaseSeen = {
  participant: 'a_1',
  household: {
    household: 'hh_1', grid: `${VILLAGE}001`, grid_name: '一组', center: VILLAGE, center_name: '坦渡村', building: 'bd_1', house: 'ho_1', place: ['3栋', '•'], walk: 1, kind: 'family', note: '',
    persons: [{ person: 'pe_1', name: '云•', number: '', number_kind: 'id', phone: '••••01', birth: '1950', sex: 'm', relation: 'head', residence: 'registered', note: '', left_at: null }],
    state: 'here', seq: 1, masked: true, late: [], can: [],
  },
  visits: [{ seq: 2, outcome: 'met', at: '2026-11-30T00:00:00Z', by: '云某', seen: 1, flags: ['need'], conflict: false }],
  errands: [],
}
/** What the page asks the hub, and what it hears. */
function global(answer: unknown) {
  const fetch = vi.fn(async () => Promise.resolve(Response.json(answer)))
  return { fetch, global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: makeSession(new Api(fetch)) }, stubs: { DutyMark: true } } }
}

describe('the grid members of a village', () => {
  it('has a key for whoever is there and free, grids with somebody first, and none for who leads no meeting', async () => {
    const made = global(present)
    const page = mount(VillageMembers, { ...made, props: { village: VILLAGE, actions, inside: new Set<string>(), full: false } })
    await flushPromises()
    expect(page.findAll('h4').map((one) => one.text())).toEqual(['二组', '一组'])
    // who walks where now
    expect(page.get('[data-testid="member-a_on"]').text()).toMatch(/今天 12 户，最近 \d\d:\d\d/)
    expect(page.get('[data-testid="member-a_busy"]').text()).not.toContain('今天')
    const free = (account: string) => page.get(`[data-testid="call-phone-${account}"]`).attributes('aria-disabled')
    expect([free('a_on'), free('a_busy'), free('a_off')]).toEqual(['false', 'true', 'true'])
    await page.get('[data-testid="call-phone-a_on"]').trigger('click')
    expect(page.emitted('call')).toEqual([['a_on']])
    await page.setProps({ inside: undefined })
    expect(page.find('[data-testid="call-phone-a_on"]').exists()).toBe(false)
    page.unmount()
  })
})

describe('the sheet of grid members', () => {
  it('says how each stands, and has the keys that fit', async () => {
    HTMLDialogElement.prototype.showModal ??= vi.fn()
    const until = '2026-11-30T00:00:45Z'
    const seats = [seat('a_1', { household: 'hh_1' }), seat('a_2', { state: 'left', until, rings: true }), seat('a_3', { state: 'left', why: 'busy' })]
    const made = global({ ...present, grids: [] })
    const page = mount(PhonesSheet, { ...made, attachTo: document.body, props: { actions, seats, village: '', villages: [], nameOf: (code: string) => code, sends: () => true, now: Date.parse('2026-11-30T00:00:05Z'), broadcast: null } })
    await nextTick()
    const row = (account: string) => page.getComponent(PhonesSheet).get(`[data-testid="phone-here-${account}"]`)
    expect(row('a_2').text()).toContain('正在响铃，40 秒')
    expect(row('a_3').text()).toContain('回复：正忙，稍后')
    expect(row('a_3').find('button').exists()).toBe(false)
    await row('a_2').get('[data-testid="phone-release-a_2"]').trigger('click')
    await row('a_1').get('[data-testid="phone-case-a_1"]').trigger('click')
    expect(page.emitted('release')).toEqual([['a_2']])
    expect(page.emitted('case')).toHaveLength(1)
    page.unmount()
  })
})

describe('the household beside the picture', () => {
  it('is read only after its look was told, and gone with what is shown', async () => {
    const made = global(seen)
    const look = vi.fn(async () => Promise.resolve(true))
    const page = mount(CasePanel, { ...made, props: { meeting: 'm_1', seats: [seat('a_1', { household: 'hh_1' })], look } })
    expect(made.fetch).not.toHaveBeenCalled()
    await page.get('[data-testid="case-look"]').trigger('click')
    await flushPromises()
    expect(look).toHaveBeenCalledWith('a_1')
    expect(page.get('[data-testid="case-seen"]').text()).toContain('云•')
    expect(page.get('[data-testid="case-seen"]').text()).toContain('需要帮助')
    await page.setProps({ seats: [seat('a_1', { household: 'hh_2' })] })
    expect(page.find('[data-testid="case-seen"]').exists()).toBe(false)
    await page.setProps({ seats: [] })
    expect(page.text()).toContain('没有人给看住户')
  })

  it('says so where it is not to be seen, and asks nothing', async () => {
    const made = global(seen)
    const page = mount(CasePanel, { ...made, props: { meeting: 'm_1', seats: [seat('a_1', { household: 'hh_1' })], look: async () => Promise.resolve(false) } })
    await page.get('[data-testid="case-look"]').trigger('click')
    await flushPromises()
    expect(page.get('[role="alert"]').text()).toContain('不在您的管辖范围')
    expect(made.fetch).not.toHaveBeenCalled()
  })
})

describe('keys about somebody', () => {
  it('speak of a phone only where they say so', () => {
    const phone: Participant = seat('a_1')
    const camera = { ...phone, id: 'ca_1', role: 'station' } as Participant
    const person = { ...phone, role: 'station' } as Participant
    expect([isOutOfKey(phone, {}), isOutOfKey(phone, { phones: true }), isOutOfKey(phone, { cameras: true })]).toEqual([true, false, false])
    expect([isOutOfKey(camera, { phones: true }), isOutOfKey(camera, { cameras: true }), isOutOfKey(person, {})]).toEqual([true, false, false])
  })
})
