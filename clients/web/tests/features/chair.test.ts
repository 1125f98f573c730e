// @vitest-environment jsdom
/** The chair as people see it: who leads, which keys one has by right, who waits, what a station is told; the history of control. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'

import ControlRecord from '@/features/chair/ControlRecord.vue'
import DeskNotices from '@/features/chair/DeskNotices.vue'
import MeetingKeys from '@/features/chair/MeetingKeys.vue'
import { mayHold, standing } from '@/features/chair/standing'
import StationChair from '@/features/chair/StationChair.vue'
import WaitingList from '@/features/chair/WaitingList.vue'
import WhoLeads from '@/features/chair/WhoLeads.vue'
import { describe as describeEntry, toldBy } from '@/features/record'
import { makeI18n } from '@/i18n'
import RecordList from '@/pages/archive/RecordList.vue'
import { useActions } from '@/parts/actions'
import type { Answer, Chair, Entry, Lock, ParticipantRef, Pause, Term, Waiter } from '@/protocol/types'

import { CHAIR, joined, ref, snapshot } from '../support/examples'

const asked: string[] = []
let pages: { entries: Entry[]; next: number | null }[] = []
vi.mock('@/state/session', () => ({
  useSession: () => ({
    account: { value: { role: 'leader' } },
    api: {
      call: (_method: string, path: string) => {
        asked.push(path)
        const page = pages.shift()
        return page === undefined ? Promise.reject(new Error('away')) : Promise.resolve(page)
      },
    },
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
const global = { plugins: [makeI18n()] }
const NOW = Date.parse('2026-11-23T08:10:00Z')
const AT = '2026-11-23T08:09:50.000000Z'
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const COUNTY: ParticipantRef = { ...ref('a_county', '430682000000', '临湘市', 'county'), name: '李某', role: 'leader' }
const DESK: ParticipantRef = { ...ref('a_desk', '430600000000', '岳阳市', 'city'), name: '值班', role: 'dispatcher' }
const VILLAGE = ref('a_village', '430682115210', '坦渡村')
const meeting = snapshot({ participants: [CHAIR, COUNTY, DESK, VILLAGE].map((one) => joined(one)) })
const chair = (more: Partial<Chair> = {}): Chair => ({ backup: null, requests: [], away: {}, ...more })
const open: Lock = { locked: false, by: null, at: null }
const going: Pause = { paused: false, by: null, at: null, reason: '', above: false }
const rests: Pause = { paused: true, by: { account: 'a_leader', name: '王某', center: '1', center_name: '岳阳市' }, at: AT, reason: '休息十分钟', above: false }
const none: Term = { ends_at: null, near: false }
const waiter = (who: ParticipantRef, state: Waiter['state'] = 'waiting'): [string, Waiter] => [who.id, { ...who, state, at: AT }]

afterEach(() => {
  document.body.innerHTML = ''
  asked.length = 0
})

describe('who leads', () => {
  const card = (more: Record<string, unknown> = {}) =>
    mount(WhoLeads, { global, attachTo: document.body, props: { actions: silent, me: CHAIR.id, meeting, chair: chair(), coChairs: [], takes: false, holds: true, now: NOW, ...more } })

  it('is told with his state, and leaders and dispatchers alone are offered', () => {
    expect(mayHold(meeting, [CHAIR.id]).map((one) => one.id)).toEqual([COUNTY.id, DESK.id])
    expect(standing(meeting, chair())).toBe('here')
    expect(standing(meeting, chair({ away: { [CHAIR.id]: AT } }))).toBe('away')
    expect(standing(snapshot({ participants: [] }), chair())).toBe('absent')
    const page = card({ chair: chair({ away: { [CHAIR.id]: AT }, backup: COUNTY }), me: COUNTY.id })
    expect(page.get('[data-testid=chair-who]').text()).toContain('掉线 已 0:10')
    expect(page.text()).toContain('将由 临湘市 李某 接任')
  })

  it('hands over after one question, names backup and co-chair, answers who asks', async () => {
    const page = card({ chair: chair({ requests: [{ participant: COUNTY, at: AT, reason: '主持本县部署' }] }), coChairs: [DESK] })
    expect(page.get('[data-testid=chair-requests]').text()).toContain('主持本县部署')
    await page.get('[data-testid=chair-grant]').trigger('click')
    await page.get('[data-testid=chair-refuse]').trigger('click')
    await page.get('[data-testid=chair-dismiss]').trigger('click')
    await page.get('[data-testid=chair-backup-to]').setValue(COUNTY.id)
    await page.get('[data-testid=chair-backup-name]').trigger('click')
    await page.get('[data-testid=chair-to]').setValue(COUNTY.id)
    await page.get('[data-testid=chair-hand]').trigger('click')
    expect(page.emitted('handOver')).toBeUndefined()
    expect(document.body.textContent).toContain('移交主席给 临湘市 李某？')
    document.querySelector<HTMLElement>('[data-testid=chair-hand-ask-confirm]')?.click()
    expect([page.emitted('grant'), page.emitted('refuse'), page.emitted('dismiss'), page.emitted('backup'), page.emitted('handOver')]).toEqual([
      [[COUNTY.id]], [[COUNTY.id]], [[DESK.id]], [[COUNTY.id]], [[COUNTY.id]],
    ])
    expect(page.find('[data-testid=chair-take]').exists()).toBe(false)
  })

  it('has the keys that one has by right, and no others', async () => {
    const of = (more: Record<string, unknown>): string[] => card(more).findAll('button').map((one) => one.attributes('data-testid') ?? '')
    expect(of({ me: COUNTY.id })).toEqual(['chair-ask'])
    expect(of({ me: COUNTY.id, holds: false })).toEqual([])
    expect(of({ me: DESK.id, takes: true })[0]).toBe('chair-take')
    expect(of({ me: COUNTY.id, chair: chair({ requests: [{ participant: COUNTY, at: AT, reason: '' }] }) })).toEqual(['chair-withdraw'])
    const page = card({ me: COUNTY.id })
    await page.get('[data-testid=chair-reason]').setValue('部署')
    await page.get('[data-testid=chair-reason]').trigger('keydown', { key: 'Enter' })
    expect(page.emitted('ask')).toEqual([['部署']])
    expect(of({ me: COUNTY.id, meeting: { ...meeting, chair: COUNTY } })).toContain('chair-back')
  })
})

describe('who waits', () => {
  it('is counted, let in one by one or all at once, and refused', async () => {
    const page = mount(WaitingList, { global, props: { actions: silent, rows: new Map([waiter(DESK, 'refused'), waiter(VILLAGE), waiter(COUNTY)]), control: true, now: NOW } })
    expect(page.attributes('data-count')).toBe('2')
    expect(page.findAll('[role=listitem]').map((one) => one.attributes('data-state'))).toEqual(['waiting', 'waiting', 'refused'])
    expect(page.get(`[data-testid=waiting-${VILLAGE.id}]`).text()).toContain('已等 0:10')
    await page.get(`[data-testid=waiting-admit-${VILLAGE.id}]`).trigger('click')
    await page.get('[data-testid=waiting-all]').trigger('click')
    await page.get(`[data-testid=waiting-refuse-${COUNTY.id}]`).trigger('click')
    expect([page.emitted('admit'), page.emitted('refuse')]).toEqual([[[VILLAGE.id], [null]], [[COUNTY.id]]])
    const idle = mount(WaitingList, { global, props: { actions: silent, rows: new Map(), control: true, now: NOW } })
    expect(idle.text()).toContain('没有人在等候')
    const seen = mount(WaitingList, { global, props: { actions: silent, rows: new Map([waiter(VILLAGE)]), control: false, now: NOW } })
    expect(seen.findAll('button')).toEqual([])
  })

  it('is drawn only in sight of a thousand', () => {
    const rows = new Map(Array.from({ length: 1000 }, (_, n) => waiter({ ...VILLAGE, id: `a_${String(n)}` })))
    const page = mount(WaitingList, { global, props: { actions: silent, rows, control: true, now: NOW } })
    expect(page.findAll('[role=listitem]').length).toBeLessThan(30)
  })
})

describe('the meeting as a whole', () => {
  const keys = (more: Record<string, unknown> = {}) => mount(MeetingKeys, { global, props: { actions: silent, lock: open, pause: going, term: none, control: true, now: NOW, ...more } })

  it('is locked, paused with a word and put off by its keys', async () => {
    const page = keys({ term: { ends_at: '2026-11-23T08:14:00.000000Z', near: true } })
    expect(page.get('[data-testid=term]').text()).toContain('还有 00:04:00')
    await page.get('[data-testid=lock-key]').trigger('click')
    await page.get('[data-testid=pause-reason]').setValue('休息')
    await page.get('[data-testid=pause-key]').trigger('click')
    await page.get('[data-testid=extend-30]').trigger('click')
    expect([page.emitted('lock'), page.emitted('pause'), page.emitted('extend')]).toEqual([[[true]], [[true, '休息']], [[30]]])
    const on = keys({ lock: { locked: true, by: rests.by, at: AT }, pause: rests, term: { ends_at: '2026-11-23T08:09:00.000000Z', near: true } })
    expect(on.text()).toContain('休息十分钟')
    expect(on.get('[data-testid=term]').text()).toContain('已超过 00:01:00')
    await on.get('[data-testid=lock-key]').trigger('click')
    await on.get('[data-testid=pause-key]').trigger('click')
    expect([on.emitted('lock'), on.emitted('pause')]).toEqual([[[false]], [[false, '']]])
  })

  it('has no key for who does not control it, and none to put off where no end is planned', () => {
    expect(keys({ control: false }).findAll('button')).toEqual([])
    expect(keys().find('[data-testid=extend-15]').exists()).toBe(false)
    expect(keys().text()).toContain('没有预定结束时间')
  })
})

describe('what no desk may miss', () => {
  const notices = (more: Record<string, unknown> = {}) =>
    mount(DeskNotices, { global, props: { actions: silent, me: CHAIR.id, meeting, chair: chair(), waiting: new Map(), pause: going, term: none, control: true, leads: true, now: NOW, ...more } })

  it('is said with its key: who waits, the pause, the end that is near, the chair that is lost or asked for', async () => {
    expect(notices().findAll('p')).toEqual([])
    const page = notices({
      waiting: new Map([waiter(VILLAGE)]), pause: rests, term: { ends_at: '2026-11-23T08:14:00.000000Z', near: true },
      chair: chair({ away: { [CHAIR.id]: AT }, requests: [{ participant: COUNTY, at: AT, reason: '' }] }),
    })
    expect(page.get('[data-testid=notice-waiting]').text()).toContain('1 个在等候入会')
    await page.get('[data-testid=notice-admit]').trigger('click')
    await page.get('[data-testid=notice-resume]').trigger('click')
    expect([page.emitted('admit'), page.emitted('resume')]).toEqual([[[]], [[]]])
    expect(page.get('[data-testid=notice-end]').text()).toContain('还有 4:00')
    expect(page.get('[data-testid=notice-lost]').text()).toContain('主席掉线 0:10')
    expect(page.get('[data-testid=notice-asks]').text()).toContain('临湘市 李某 申请主席')
    const other = notices({ me: COUNTY.id, control: false, leads: false, waiting: new Map([waiter(COUNTY)]), term: { ends_at: AT, near: true } })
    expect(other.get('[data-testid=notice-door]').text()).toContain('请等候主席放行')
    expect(other.find('[data-testid=notice-end]').exists()).toBe(false)
  })

  it('says that another one leads', async () => {
    const page = notices({ me: COUNTY.id })
    await page.setProps({ meeting: { ...meeting, chair: COUNTY } })
    expect(page.get('[data-testid=notice-chair]').text()).toContain('您现在是主席')
  })
})

describe('a station', () => {
  const strip = (more: Record<string, unknown> = {}) => mount(StationChair, { global, props: { chair: CHAIR, pause: going, door: undefined, now: NOW, ...more } })

  it('reads who leads, that it waits, that it was not let in, that the meeting rests', async () => {
    const page = strip()
    expect(page.get('[data-testid=station-chair]').text()).toBe('主席：岳阳市 王某')
    await page.setProps({ chair: COUNTY })
    expect(page.get('[data-testid=station-chair]').text()).toBe('主席现在是 临湘市 李某')
    const door = strip({ door: waiter(VILLAGE)[1] })
    expect(door.get('[data-testid=station-door]').text()).toContain('会议已锁定，请等候')
    expect(door.text()).toContain('已等 0:10')
    expect(door.find('[data-testid=station-chair]').exists()).toBe(false)
    expect(strip({ door: waiter(VILLAGE, 'refused')[1] }).text()).toContain('主席没有放行')
    const paused = strip({ pause: rests }).get('[data-testid=station-paused]').text()
    expect(paused).toContain('会议暂停')
    expect(paused).toContain('休息十分钟')
  })
})

describe('the record in the archive', () => {
  it('shows control alone, by person, and a click goes to its moment', async () => {
    const of = (seq: number, who: string, kind: string, data: unknown): Entry =>
      ({ seq, at: AT, actor: { account: who, center: CHAIR.center }, kind, meeting: 'm_1', audience: ['meeting'], data, alg: 'sha256', prev: '', hash: '' }) as unknown as Entry
    const entries = [of(3, CHAIR.id, 'meeting.locked', { by: rests.by }), of(4, VILLAGE.id, 'meeting.left', { participant: VILLAGE.id }), of(5, COUNTY.id, 'meeting.paused', { by: rests.by, reason: '休息' })]
    const told = toldBy(meeting, entries)
    const page = mount(RecordList, {
      global,
      props: { entries, openedAt: meeting.opened_at, lengthMs: 3_600_000, positionMs: 0, selected: null, overtaken: new Set<number>(), sentence: (entry: Entry) => describeEntry(entry, told), person: (account: string) => told.person(account) },
    })
    expect(page.findAll('.row')).toHaveLength(3)
    await page.get('[data-testid=archive-filter-control]').trigger('click')
    expect(page.findAll('.row').map((one) => one.get('.text').text())).toEqual(['岳阳市 王某 锁定会议', '临湘市 李某 暂停会议 休息'])
    await page.get('[data-testid=archive-control-by]').setValue(COUNTY.id)
    await page.get('.row').trigger('click')
    expect(page.emitted('entry')).toEqual([[entries[2]]])
  })
})

describe('the history of control', () => {
  const locked = (seq: number): Entry =>
    ({ seq, at: AT, actor: { account: CHAIR.id, center: CHAIR.center }, kind: 'meeting.locked', meeting: 'm_1', audience: ['meeting'], data: { by: rests.by }, alg: 'sha256', prev: '', hash: '' }) as unknown as Entry
  const record = () => mount(ControlRecord, { global, props: { meeting, newest: 9, exports: true } })

  it('is read newest first, by person and kind, in pages, and taken out as a file', async () => {
    pages = [{ entries: [locked(9), locked(7)], next: 7 }, { entries: [locked(3)], next: null }, { entries: [], next: null }]
    const page = record()
    await flushPromises()
    expect(page.findAll('li p').map((one) => one.text())).toEqual(Array(2).fill('岳阳市 王某 锁定会议'))
    await page.get('[data-testid=controls-older]').trigger('click')
    await flushPromises()
    expect(page.findAll('li p')).toHaveLength(3)
    expect(asked[1]).toContain('before=7')
    await page.get('[data-testid=controls-by]').setValue(COUNTY.id)
    await flushPromises()
    expect(asked[2]).toContain(`by=${COUNTY.id}`)
    expect(page.text()).toContain('没有符合的会控操作')
    expect(page.get('[data-testid=controls-csv]').attributes('href')).toBe(`/api/v1/meetings/m_1/controls/export?by=${COUNTY.id}&format=csv&lang=zh`)
  })

  it('says so where it cannot be read, and is read again by a key', async () => {
    pages = []
    const page = record()
    await flushPromises()
    expect(page.text()).toContain('没有读到会控记录')
    pages = [{ entries: [], next: null }]
    await page.get('[data-testid=controls-again]').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('还没有会控操作')
  })
})
