import { describe, expect, it } from 'vitest'

import { askWanted, centsOf, dayOf, dropWanted, dueOf, type Errand, finishWanted, handWanted, jobsOf, ownOf, rateWanted, takeWanted } from '@/features/grid/errands'
import type { Item, Wanted } from '@/features/grid/queue'
import { type Card, keptWork, type Work } from '@/features/grid/work'
import { newThingId } from '@/protocol/thingIds'

const NOW = Date.parse('2026-11-30T02:00:00Z')
const ME = 'a_me'
let order = 0

const errandOf = (errand: string, more: Partial<Errand> = {}): Errand => ({
  errand, grid: 'g', household: 'hh_1', kind: 'medicine', state: 'asked', due: null, urgent: false, asked_at: `2026-11-30T01:0${String(order++)}:00Z`,
  taker: null, taker_name: '', handed_by: '', reason: '', text: '降压药', stars: null, ...more,
})
const card: Card = { household: 'hh_1', building: 'bd_1', grid: 'g', place: ['一组1院'], walk: 1, kind: 'family', persons: [], note: '', seq: 0, last: {} }
const workOf = (...errands: Errand[]): Work => ({ seq: 10, at: '', grids: [], cards: [card], sweeps: [], rows: [], doors: [], said: [], team: [], errands, tasks: [], lists: [], listRows: [] })
const itemOf = ({ kind, lane, title, data, mark = {} }: Wanted, more: Partial<Item> = {}): Item => ({
  order: order++, id: `c_${String(order)}`, folder: '', lane, state: 'waiting', at: NOW, heldUntil: 0, tries: 0, bytes: 0, seq: null, sentAt: null,
  kind, data, mark, title, photos: [], there: [], forgotten: false, photosIn: null, baseOf: null, goesWith: null, refusal: null, conflict: false, ...more,
})
const jobs = (work: Work, ...items: Item[]) => jobsOf(work, items, ME, NOW)
const turns = (work: Work, ...items: Item[]) => jobs(work, ...items).map(({ errand, turn }) => `${errand} ${turn}`)

describe('errands of the day', () => {
  it('has what one can do first, of these the urgent ones, then what is wanted soonest', () => {
    const work = workOf(
      errandOf('village', { state: 'handed' }),
      errandOf('other', { state: 'taken', taker: 'a_x' }),
      errandOf('rate', { state: 'done', taker: ME }),
      errandOf('free'),
      errandOf('soon', { due: '2026-11-30T09:00:00Z' }),
      errandOf('late', { due: '2026-11-29T09:00:00Z' }),
      errandOf('urgent', { urgent: true }),
      errandOf('mine', { state: 'taken', taker: ME }),
    )
    expect(jobs(work).map(({ errand }) => errand)).toEqual(['mine', 'urgent', 'late', 'soon', 'free', 'rate', 'other', 'village'])
    expect(jobs(work).filter(({ late }) => late).map(({ errand }) => errand)).toEqual(['late'])
    expect(ownOf(jobs(work))).toHaveLength(6)
  })

  it('knows what was done here without a line, one after the other', () => {
    const asked = itemOf(askWanted('er_1', { household: 'hh_1', kind: 'food', text: '米', due: null, urgent: true }, '', NOW))
    const taken = itemOf(takeWanted('er_1', ''))
    const done = itemOf(finishWanted('er_1', { text: '', cents: null, photos: [] }, '', NOW))
    const rated = itemOf(rateWanted('er_1', 5, 'door', ''))
    expect(turns(workOf(), asked)).toEqual(['er_1 free'])
    expect(turns(workOf(), asked, taken)).toEqual(['er_1 mine'])
    expect(turns(workOf(), asked, taken, done)).toEqual(['er_1 rate'])
    expect(turns(workOf(), asked, taken, done, rated)).toEqual(['er_1 over'])
    const [job] = jobs(workOf(), asked)
    expect(job).toMatchObject({ text: '米', urgent: true, card: { household: 'hh_1' } })
    expect(job?.pending).toHaveLength(1)
  })

  it('counts what was sent until the hub tells of it, and no longer; of what was said nothing is kept', () => {
    const sent = { state: 'sent', seq: 12, data: {} } as const
    const asked = itemOf(askWanted('er_1', { household: 'hh_1', kind: 'food', text: '米', due: null, urgent: false }, '', NOW), sent)
    expect(jobs(workOf(), asked)[0]).toMatchObject({ kind: 'food', household: 'hh_1', text: '', pending: [] })
    expect(turns({ ...workOf(), seq: 12 }, asked)).toEqual([])
    const taken = itemOf(takeWanted('er_2', ''), sent)
    expect(turns(workOf(errandOf('er_2')), taken)).toEqual(['er_2 mine'])
    expect(turns({ ...workOf(errandOf('er_2', { state: 'taken', taker: 'a_x' })), seq: 12 }, taken)).toEqual(['er_2 other'])
  })

  it('a refused step changes nothing, and is told', () => {
    const [job] = jobs(workOf(errandOf('er_1')), itemOf(takeWanted('er_1', ''), { state: 'refused' }))
    expect(job).toMatchObject({ turn: 'free', pending: [{ state: 'refused' }] })
    // what was asked for and refused stays, with what was said, until somebody corrects or drops it
    const asked = itemOf(askWanted('er_2', { household: 'hh_1', kind: 'food', text: '米', due: null, urgent: false }, '', NOW), { state: 'refused' })
    expect(jobs(workOf(), asked)[0]).toMatchObject({ turn: 'free', text: '米' })
  })

  it('handed on it is a colleague’s or the village’s, given up it is over', () => {
    const work = workOf(errandOf('er_1', { state: 'taken', taker: ME }))
    expect(jobs(work, itemOf(handWanted('er_1', { account: 'a_x', name: '周某' }, '今天不在', '')))[0]).toMatchObject({ turn: 'other', taker_name: '周某' })
    expect(turns(work, itemOf(handWanted('er_1', null, '要用车', '')))).toEqual(['er_1 village'])
    expect(turns(work, itemOf(dropWanted('er_1', '不需要了', '')))).toEqual(['er_1 over'])
  })

  it('steps of one errand share its lane, and name no more than they must when they are sent', () => {
    const asked = { household: 'hh_1', kind: 'clinic', text: '复诊', due: null, urgent: false } as const
    const wanted = [askWanted('er_1', asked, '', NOW), takeWanted('er_1', ''), handWanted('er_1', null, '要用车', ''), finishWanted('er_1', { text: '好', cents: 5, photos: [] }, '', NOW)]
    expect(new Set(wanted.map(({ lane }) => lane))).toEqual(new Set(['er_1']))
    expect(wanted[0]?.data['asked_on']).toBe('2026-11')
    expect(JSON.stringify(wanted.map(({ mark }) => mark))).not.toMatch(/复诊|要用车|好/)
  })
})

describe('what is typed', () => {
  it('takes amounts as people write them', () => {
    expect(['', '23.5', '￥8', '12元', '0.05'].map(centsOf)).toEqual([null, 2350, 800, 1200, 5])
    expect(['一百', '1.234', '-3'].map(centsOf)).toEqual([undefined, undefined, undefined])
  })

  it('means the end of a day, of the week its Sunday', () => {
    const monday = new Date(2026, 10, 30, 9, 0).getTime()
    const sunday = new Date(2026, 11, 6, 9, 0).getTime()
    const day = (text: string | null): string => (text === null ? 'soon' : new Date(text).toDateString())
    expect([dueOf('soon', monday), day(dueOf('today', monday)), day(dueOf('tomorrow', monday)), day(dueOf('week', monday))]).toEqual([null, 'Mon Nov 30 2026', 'Tue Dec 01 2026', 'Sun Dec 06 2026'])
    expect(day(dueOf('week', sunday))).toBe('Sun Dec 06 2026')
    expect([dueOf('today', monday), dueOf('tomorrow', monday), dueOf('week', monday)].map((due) => dayOf(due ?? '', monday))).toEqual(['today', 'tomorrow', '12-06'])
  })

  it('makes ids as the hub does', () => {
    expect(newThingId('er', Date.parse('2026-11-23T00:00:00Z'), (bytes) => bytes.fill(31))).toBe('er_01m82v7m00zzzzzzzz')
    expect(newThingId('er', NOW)).toMatch(/^er_[0-9a-hjkmnp-tv-z]{18}$/)
  })
})

it('opens a day that an older page kept', () => {
  const old = { seq: 1, at: '', grids: [{ grid: 'g', name: '一组', village: 'v', village_name: '' }], cards: [], sweeps: [], rows: [] } as unknown as Work
  expect(keptWork(old)).toMatchObject({ errands: [], tasks: [], lists: [], listRows: [], grids: [{ people: [] }] })
})
