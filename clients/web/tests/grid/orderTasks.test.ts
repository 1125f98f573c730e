import { describe, expect, it } from 'vitest'

import { dueWords, dutiesOf, keptTask, type OrderTask, reportWanted, shownDuties, signWanted } from '@/features/grid/orderTasks'
import type { Item, Wanted } from '@/features/grid/queue'
import type { Work } from '@/features/grid/work'

const NOW = Date.parse('2026-11-30T02:00:00Z')
const taskOf = (task: string, more: Partial<OrderTask> = {}): OrderTask => ({
  task, grid: 'g', grid_name: '一组', state: 'given', number: '岳指〔2026〕1号', says: '入户提醒防火', note: '', priority: 'normal', due: null, issuer: '岳阳市', text: '', photos: 0, files: [], over_at: null, reason: '', ...more,
})
const workOf = (...tasks: OrderTask[]): Work => ({ seq: 10, at: '', grids: [], cards: [], sweeps: [], rows: [], doors: [], said: [], team: [], errands: [], tasks, lists: [], listRows: [] })
const itemOf = ({ kind, lane, title, data, mark = {} }: Wanted, more: Partial<Item> = {}): Item =>
  ({ id: kind, kind, lane, title, data, mark, state: 'waiting', seq: null, ...more }) as unknown as Item
const states = (work: Work, ...items: Item[]) => dutiesOf(work, items, NOW).map(({ task, state }) => `${task} ${state}`)

describe('orders that the village passed on', () => {
  it('are to be received first, then by how urgent they are', () => {
    const work = workOf(
      taskOf('going', { state: 'signed', priority: 'critical' }),
      taskOf('plain'),
      taskOf('late', { due: '2026-11-29T00:00:00Z' }),
      taskOf('urgent', { priority: 'urgent' }),
      taskOf('over', { state: 'ended', due: '2026-11-29T00:00:00Z' }),
    )
    const duties = dutiesOf(work, [], NOW)
    expect(duties.map(({ task }) => task)).toEqual(['urgent', 'late', 'plain', 'going', 'over'])
    expect(duties.filter(({ late }) => late).map(({ task }) => task)).toEqual(['late'])
  })

  it('are received and reported on without a line, in one lane', () => {
    const sign = itemOf(signWanted('t', ''))
    const progress = itemOf(reportWanted('t', { text: '查了一半', done: false, photos: [] }, ''))
    const done = itemOf(reportWanted('t', { text: '查完', done: true, photos: [] }, ''))
    expect(states(workOf(taskOf('t')), sign)).toEqual(['t signed'])
    expect(states(workOf(taskOf('t')), sign, progress)).toEqual(['t reported'])
    expect(states(workOf(taskOf('t')), sign, progress, done)).toEqual(['t done'])
    expect(new Set([sign, progress, done].map(({ lane }) => lane))).toEqual(new Set(['t']))
    expect(JSON.stringify(done.mark)).not.toContain('查完')
  })

  it('that were taken back, or ended, stay among the others for a day, so that nobody goes on with them', () => {
    const gone = { over_at: '2026-11-30T01:00:00Z', reason: '改由二组' }
    const work = workOf(
      taskOf('going'),
      taskOf('back', { state: 'withdrawn', ...gone }),
      taskOf('ended', { state: 'ended', ...gone }),
      taskOf('done', { state: 'done', ...gone }),
      taskOf('long ago', { state: 'withdrawn', ...gone, over_at: '2026-11-28T01:00:00Z' }),
    )
    expect(shownDuties(dutiesOf(work, [], NOW), NOW).map(({ task, turn }) => [task, turn])).toEqual([['going', 'new'], ['back', 'over'], ['ended', 'over']])
  })

  it('say by when to the minute', () => {
    const says = { today: '今天', tomorrow: '明天', due: (day: string) => `${day}前` }
    const due = new Date(NOW + 60_000)
    expect(dueWords({ due: due.toISOString() }, NOW, says)).toBe(`今天 ${due.toTimeString().slice(0, 5)}前`)
    expect(dueWords({ due: null }, NOW, says)).toBe('')
  })

  it('of an older page lack nothing', () => {
    const { photos: _p, files: _f, over_at: _o, reason: _r, ...old } = taskOf('t')
    expect(keptTask(old as OrderTask)).toEqual(taskOf('t'))
  })

  it('what the hub refused changes nothing, and what it has heard counts as it says', () => {
    expect(states(workOf(taskOf('t')), itemOf(signWanted('t', ''), { state: 'refused' }))).toEqual(['t given'])
    expect(states(workOf(taskOf('t')), itemOf(signWanted('t', ''), { state: 'sent', seq: 9 }))).toEqual(['t given'])
    expect(states(workOf(taskOf('t')), itemOf(signWanted('t', ''), { state: 'sent', seq: 11 }))).toEqual(['t signed'])
  })
})
