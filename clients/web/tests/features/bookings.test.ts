// @vitest-environment jsdom
/** Bookings on the pages: days of the hub's zone, what is filled in, whom it means, and a list that neither misses nor goes back. */
import { flushPromises, mount } from '@vue/test-utils'
import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { makeBook } from '@/features/bookings/book'
import { meantBy, NOBODY, withCenters, withGroup, without, withoutReach, withReach } from '@/parts/centers/called'
import { draftOf, emptyDraft, fieldsOf, problemOf, withTemplate } from '@/features/bookings/draft'
import ReasonBox from '@/features/bookings/ReasonBox.vue'
import { endsAt, mayChange, mayDecide, passes } from '@/features/bookings/states'
import { addDays, addMonths, inZone, instant, monthOf, weekOf } from '@/parts/zone'
import { makeI18n } from '@/i18n'
import type { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Booking, Bookings, Template } from '@/protocol/types'
import type { Live } from '@/state/live'

import { CENTERS, CITY, COUNTY, LEADER, TOWN, VILLAGE } from '../support/examples'

const ZONE = 'Asia/Shanghai'
const NOW = Date.parse('2026-11-29T02:00:00Z')
const BY = { account: 'a_leader', name: '王某', center: CITY, center_name: '岳阳市' }
const OTHER = { account: 'a_other', name: '周某', center: COUNTY, center_name: '临湘市' }

function booking(id: string, news: Partial<Booking> = {}): Booking {
  return {
    id, title: '防汛调度', kind: 'dispatch', starts_at: '2026-11-30T06:00:00.000000Z', minutes: 45, by: BY, line: [CITY], chair: BY, backup: null, called: 1, names: ['坦渡村'], centers: [], record: true,
    notice_minutes: 10, by_itself: true, note: '', template: null, state: 'approved', reason: '', decided_by: null, decided_at: null, sequence: 0, meeting: null, made_at: '', changed_at: '', ...news,
  }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('days and times', () => {
  it('are those of the hub, wherever one sits', () => {
    expect(inZone('2026-11-29T16:30:00Z', ZONE)).toEqual({ day: '2026-11-30', time: '00:30' })
    expect(instant({ day: '2026-11-30', time: '00:30' }, ZONE)).toBe(Date.parse('2026-11-29T16:30:00Z'))
    expect(instant({ day: '', time: '09:00' }, ZONE)).toBeNaN()
  })

  it('come through the nights on which clocks are set', () => {
    for (const at of ['2026-03-29T00:30:00Z', '2026-03-29T01:30:00Z', '2026-10-25T03:30:00Z', '2026-07-01T12:00:00Z']) {
      expect(instant(inZone(at, 'Europe/Berlin'), 'Europe/Berlin')).toBe(Date.parse(at))
    }
  })

  it('stand in whole weeks, Mondays first', () => {
    expect(weekOf('2026-11-29')).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'])
    const weeks = monthOf('2026-02-10')
    expect([weeks[0]?.[0], weeks.at(-1)?.[6], weeks.length]).toEqual(['2026-01-26', '2026-03-01', 5])
    expect([addDays('2026-12-31', 1), addMonths('2026-12-31', 1), addMonths('2026-01-05', -1)]).toEqual(['2027-01-01', '2027-01-01', '2025-12-01'])
  })
})

describe('what is filled in', () => {
  it('begins at the next half hour and says what is missing', () => {
    const draft = emptyDraft(NOW, ZONE)
    expect([draft.day, draft.time]).toEqual(['2026-11-29', '10:30'])
    expect(problemOf(draft, NOW, ZONE)).toBe('title')
    const titled = { ...draft, title: '例会' }
    expect(problemOf(titled, NOW, ZONE)).toBe('nobody')
    const whole = { ...titled, chosen: withCenters(NOBODY, [VILLAGE]) }
    expect(problemOf(whole, NOW, ZONE)).toBeUndefined()
    expect(problemOf({ ...whole, time: '09:59' }, NOW, ZONE)).toBe('past')
    expect(problemOf({ ...whole, day: '' }, NOW, ZONE)).toBe('when')
    expect(problemOf({ ...whole, day: '2028-01-10' }, NOW, ZONE)).toBe('far')
    expect(problemOf({ ...whole, minutes: 4 }, NOW, ZONE)).toBe('length')
    expect(fieldsOf(whole, ZONE, true)).toMatchObject({ starts_at: '2026-11-29T02:30:00.000Z', centers: [VILLAGE], chair: null, confirmed: true })
  })

  it('is what a booking said, or a template with a time of its own', () => {
    const draft = draftOf(booking('b_1', { centers: [VILLAGE], chair: OTHER, backup: BY }), ZONE, 'a_leader')
    expect(draft).toMatchObject({ day: '2026-11-30', time: '14:00', chair: 'a_other', backup: 'a_leader', chosen: { centers: [VILLAGE], reaches: [] } })
    expect(fieldsOf(draft, ZONE, false)).toMatchObject({ chair: 'a_other', backup: 'a_leader' })
    const reaches = [{ center: CITY, to: 'county' as const, only: true }]
    const template = { id: 't_1', scope: 'mine', title: '每日', kind: 'consultation', centers: [], names: [], reaches, record: false, minutes: 20, notice_minutes: 0, note: '按时', by: BY, saved_at: '' } satisfies Template
    expect(withTemplate(draft, template)).toMatchObject({ title: '每日', day: '2026-11-30', time: '14:00', chair: 'a_other', minutes: 20, record: false, template: 't_1', chosen: { centers: [], reaches } })
  })
})

describe('whom it means', () => {
  const below = { center: COUNTY, to: 'township' as const }
  it('stays a word as long as all of it is meant', () => {
    let chosen = withReach(withReach(NOBODY, below), { ...below, only: false })
    expect(chosen.reaches).toHaveLength(1)
    expect([...meantBy(chosen, CENTERS)]).toEqual([COUNTY, TOWN])
    chosen = withGroup(chosen, { centers: [VILLAGE], reaches: [{ center: CITY, to: 'county', only: true }] })
    expect(meantBy(chosen, CENTERS)).toEqual(new Set([VILLAGE, COUNTY, TOWN, '430602000000']))
    const fewer = without(chosen, [TOWN], CENTERS)
    expect(fewer.reaches).toEqual([{ center: CITY, to: 'county', only: true }])
    expect([...meantBy(fewer, CENTERS)].sort()).toEqual(['430602000000', COUNTY, VILLAGE].sort())
    expect(meantBy(withoutReach(chosen, below), CENTERS).has(TOWN)).toBe(false)
  })
})

describe('what one may do', () => {
  const all = new Set(['booking.make', 'booking.approve'])
  it('is to decide for one’s own line, and to change what is one’s own', () => {
    const theirs = booking('b_1', { state: 'proposed', by: OTHER, chair: OTHER, line: [CITY, COUNTY] })
    expect(mayDecide(theirs, LEADER, all)).toBe(true)
    expect(mayDecide(theirs, LEADER, new Set(['booking.make']))).toBe(false)
    expect(mayDecide({ ...theirs, line: [COUNTY] }, LEADER, all)).toBe(false)
    expect(mayDecide({ ...theirs, state: 'approved' }, LEADER, all)).toBe(false)
    expect(mayChange({ ...theirs, line: [COUNTY] }, LEADER, all)).toBe(false)
    expect(mayChange(booking('b_2'), LEADER, all)).toBe(true)
    expect(mayChange(booking('b_2', { state: 'opened' }), LEADER, all)).toBe(false)
    expect(endsAt(booking('b_1'))).toBe(Date.parse('2026-11-30T06:45:00Z'))
  })

  it('is to look for some', () => {
    const every = [booking('b_1'), booking('b_2', { state: 'cancelled' }), booking('b_3', { state: 'proposed', by: OTHER, chair: OTHER, title: '会商' })]
    const found = (which: 'all' | 'mine' | 'waits' | 'off', text = ''): string[] => every.filter((one) => passes(one, { which, text }, LEADER)).map(({ id }) => id)
    expect([found('all'), found('mine'), found('waits'), found('off')]).toEqual([['b_1', 'b_3'], ['b_1'], ['b_3'], ['b_2']])
    expect(found('all', '周某 会商')).toEqual(['b_3'])
  })
})

describe('the book', () => {
  function opened(pages: (Bookings | Error)[], single: Record<string, Booking> = {}) {
    const handlers = new Map<string, (event: unknown) => void>()
    const asked: string[] = []
    const api = {
      call: (_method: string, path: string) => {
        asked.push(path)
        const one = /^\/bookings\/(.+)$/.exec(path)?.[1]
        if (one !== undefined) return one in single ? Promise.resolve(single[one]) : Promise.reject(new Refused('not_found', ''))
        const page = pages.shift()
        return page instanceof Error || page === undefined ? Promise.reject(page ?? new Error('asked too often')) : Promise.resolve(page)
      },
    } as unknown as Pick<Api, 'call'>
    const live = {
      socket: { on: (name: string, take: (event: unknown) => void) => { handlers.set(name, take); return () => handlers.delete(name) } },
      frame: { soon: (show: () => void) => { show() } },
      greeted: { value: true },
    } as unknown as Live
    const scope = effectScope()
    const book = scope.run(() => makeBook(live, api, NOW))
    if (book === undefined) throw new Error('no book')
    const tell = (id: string, seq: number, value?: Booking): void => handlers.get('changed')?.({ what: 'booking', id, seq, meeting: null, ...(value && { value }) })
    return { book, tell, asked, hello: () => handlers.get('hello')?.({}), scope, ids: () => book.all.value.map(({ id }) => id) }
  }
  const page = (seq: number, bookings: Booking[], next: string | null = null): Bookings => ({ bookings, next, approval_required: true, time_zone: ZONE, seq })

  it('is read page by page, and knows the zone and whether approval is needed', async () => {
    const { book, ids, asked, scope } = opened([page(7, [booking('b_1')], 'b_1'), page(9, [booking('b_2')])])
    await flushPromises()
    expect(ids()).toEqual(['b_1', 'b_2'])
    expect(asked[1]).toContain('after=b_1')
    expect([book.zone.value, book.approval.value, book.ready.value]).toEqual([ZONE, true, true])
    await book.known()
    scope.stop()
  })

  it('neither misses what is told while it is read nor goes back to what is older', async () => {
    const { tell, ids, book, scope } = opened([page(7, [booking('b_1')])])
    tell('b_2', 8, booking('b_2', { starts_at: '2026-11-29T06:00:00.000000Z' }))
    await flushPromises()
    expect(ids()).toEqual(['b_2', 'b_1'])
    tell('b_1', 6, booking('b_1', { state: 'cancelled' }))
    expect(book.get('b_1')?.state).toBe('approved')
    tell('b_1', 9, booking('b_1', { state: 'noticed' }))
    expect(book.get('b_1')?.state).toBe('noticed')
    tell('b_0', 10, booking('b_0', { starts_at: '2026-11-01T06:00:00.000000Z' }))
    expect(ids()).toEqual(['b_2', 'b_1'])
    scope.stop()
  })

  it('lets go of what is not one’s to see any more, and reads again what it could not', async () => {
    vi.useFakeTimers()
    const { tell, ids, book, scope } = opened([new Error('away'), page(7, [booking('b_1')])])
    await flushPromises()
    expect(book.failure.value).toBeInstanceOf(Error)
    await vi.advanceTimersByTimeAsync(3000)
    expect([ids(), book.failure.value]).toEqual([['b_1'], undefined])
    tell('b_1', 8)
    await vi.advanceTimersByTimeAsync(200)
    expect(ids()).toEqual([])
    scope.stop()
  })

  it('knows of earlier ones when they are asked for, and is read anew at each greeting', async () => {
    const { book, hello, asked, ids, scope } = opened([page(7, []), page(8, [booking('b_0')]), page(9, [booking('b_1')])])
    await flushPromises()
    await book.reach(NOW - 86_400_000)
    expect([asked[1]?.includes('2026-11-28'), ids()]).toEqual([true, ['b_0']])
    hello()
    await flushPromises()
    expect(ids()).toEqual(['b_1'])
    scope.stop()
  })
})

describe('a no', () => {
  it('says why, or is not said', async () => {
    const wrapper = mount(ReasonBox, { props: { title: '驳回', consequences: ['作废'], confirm: '驳回', asks: true }, global: { plugins: [makeI18n()] } })
    await wrapper.get('[data-testid="booking-ask-confirm"]').trigger('click')
    expect([wrapper.emitted('confirm'), wrapper.get('textarea').attributes('aria-invalid')]).toEqual([undefined, 'true'])
    await wrapper.get('textarea').setValue(' 与县委会冲突 ')
    await wrapper.get('[data-testid="booking-ask-confirm"]').trigger('click')
    expect(wrapper.emitted('confirm')).toEqual([['与县委会冲突']])
  })
})
