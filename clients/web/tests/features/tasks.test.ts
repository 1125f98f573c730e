// @vitest-environment jsdom
/** Routine tasks on the page: the board is a recount, what is late first, what was told and read agree, one answer in one tap. */
import { enableAutoUnmount, flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'

import { boardRows, sumsOf } from '@/features/tasks/board'
import { emptyDraft, fieldsOf, problemOf } from '@/features/tasks/draft'
import { away, standingOf, worstFirst } from '@/features/tasks/standing'
import StationTask from '@/features/tasks/StationTask.vue'
import { merged, useTasks } from '@/features/tasks/useTasks'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { indexCenters } from '@/parts/centers/tree'
import type { ChangedEvent, Task, TaskReply } from '@/protocol/types'

import { CENTERS, CITY, COUNTY, TOWN, VILLAGE } from '../support/examples'

enableAutoUnmount(afterEach)
const NOW = Date.parse('2026-11-23T08:00:00Z')
const ZONE = 'Asia/Shanghai'
const task = (more: Partial<Task> = {}): Task => ({
  id: 'q_1', title: '每日平安', text: '', by: { account: 'a_1', name: '王某', center: CITY, center_name: '岳阳市' }, repeats: 'once', time: null, weekdays: [1, 2, 3, 4, 5, 6, 7],
  ahead_minutes: 240, remind_minutes: 0, names: [], targets: 3, given_at: '2026-11-23T06:00:00.000000Z', state: 'open',
  round: { round: 1, opened_at: '2026-11-23T06:00:00.000000Z', due: '2026-11-23T10:00:00.000000Z', closed_at: null, urged: 0, urged_at: null },
  next: null, ended: null, counts: { total: 3, answered: 1, abnormal: 0, late: 0 }, asked: true, own: null, ...more,
})
const reply = (center: string, more: Partial<TaskReply> = {}): TaskReply => ({ center, round: 1, at: '2026-11-23T07:00:00.000000Z', situation: 'normal', late: false, by: '李某', report: 'e_1', ...more })
const answersOf = (...all: TaskReply[]): Map<string, TaskReply> => new Map(all.map((one) => [one.center, one]))

it('sums the board at every level to what a recount of its lines gives, whatever was answered', () => {
  const index = indexCenters(CENTERS)
  const centers = CENTERS.filter(({ code }) => code !== CITY).map(({ code }) => code)
  for (let turn = 0; turn < 2 ** centers.length; turn++) {
    const answers = answersOf(...centers.filter((_, at) => (turn >> at) & 1).map((code, at) => reply(code, { situation: at % 2 ? 'abnormal' : 'normal', late: at % 3 === 1 })))
    const rows = boardRows(index, centers, answers, new Set(CENTERS.map(({ code }) => code)))
    const leaves = rows.filter(({ sums }) => sums === undefined)
    expect(leaves.map(({ code }) => code).sort()).toEqual([...centers].sort())
    const county = rows.find(({ code, sums }) => code === COUNTY && sums !== undefined)
    expect(county?.sums).toEqual(sumsOf([TOWN, VILLAGE], answers))
    expect(sumsOf(centers, answers).answered).toBe(answers.size)
  }
})

it('shows the counties folded, who is missing first, and unfolds all that fits a filter', () => {
  const index = indexCenters(CENTERS)
  const answers = answersOf(reply(VILLAGE, { situation: 'abnormal', late: true }))
  const folded = boardRows(index, [VILLAGE], answers, new Set())
  expect(folded.map(({ code, open }) => [code, open])).toEqual([[COUNTY, false]])
  expect(boardRows(index, [VILLAGE], answers, new Set(), 'late').at(-1)?.mark).toBe('abnormal')
  expect(boardRows(index, [VILLAGE], answers, new Set(), 'missing')).toEqual([])
  expect(boardRows(index, [TOWN, VILLAGE], answersOf(), new Set(), 'missing').filter(({ mark }) => mark === 'missing').length).toBe(2)
})

it('puts what is past its due and not whole first', () => {
  const late = task({ id: 'q_late', round: { round: 1, opened_at: '', due: '2026-11-23T07:59:00.000000Z', closed_at: null, urged: 0, urged_at: null } })
  const whole = task({ id: 'q_whole', counts: { total: 1, answered: 1, abnormal: 0, late: 0 } })
  const over = task({ id: 'q_over', state: 'ended' })
  const waiting = task({ id: 'q_waiting', state: 'waiting', round: null })
  expect(worstFirst([over, waiting, whole, task(), late], NOW).map(({ id }) => id)).toEqual(['q_late', 'q_1', 'q_whole', 'q_waiting', 'q_over'])
  expect(standingOf(late, NOW - 120_000)).toBe('open')
  expect(away('2026-11-24T09:30:00Z', NOW)).toEqual({ past: false, days: 1, hours: 1, minutes: 30 })
})

it('keeps its own answer of a round when the task is told anew, and not into the next round', () => {
  const own = reply(VILLAGE)
  const told = task({ counts: null, asked: false, own: null })
  expect(merged(told, task({ own }), VILLAGE)).toMatchObject({ own, asked: true, counts: { answered: 1 } })
  expect(merged({ ...told, round: { round: 2, opened_at: '', due: '', closed_at: null, urged: 0, urged_at: null } }, task({ own }), VILLAGE)).toMatchObject({ own: null, counts: null })
  expect(merged(told, undefined, VILLAGE).asked).toBe(true)
  expect(merged(told, undefined, CITY).asked).toBe(false)
})

it('reads at the greeting, takes what is told at once, and its own answer as a row', async () => {
  const heard: Record<string, (event: unknown) => void> = {}
  const asked: string[] = []
  const live = { socket: { on: (name: string, take: (event: unknown) => void) => { heard[name] = take; return () => undefined } } }
  const api = { call: (_: string, path: string) => { asked.push(path); return Promise.resolve({ tasks: [task()], next: null, seq: 3, time_zone: ZONE }) } }
  const scope = effectScope()
  const list = scope.run(() => useTasks(live as never, api as never, { center: VILLAGE, counts: false, query: () => ({ limit: 50 }) }))
  await flushPromises()
  expect(list?.all.value.map(({ id }) => id)).toEqual(['q_1'])
  const event: ChangedEvent = { what: 'task', id: 'q_2', meeting: null, seq: 9, value: task({ id: 'q_2', counts: null, asked: false }) }
  heard['changed']?.(event)
  expect(list?.all.value.map(({ id, asked: us }) => [id, us])).toEqual([['q_2', true], ['q_1', true]])
  heard['changed']?.({ what: 'task', id: 'q_1', meeting: null, seq: 10, reported: { [VILLAGE]: reply(VILLAGE) } })
  expect(list?.all.value.find(({ id }) => id === 'q_1')?.own?.by).toBe('李某')
  expect(asked.length, 'a station reads nothing for what it is told').toBe(1)
  scope.stop()
})

it('says by when once, or the days and the time; and what is missing, before the hub does', () => {
  const draft = { ...emptyDraft(NOW, ZONE), title: '平安', centers: [VILLAGE] }
  expect(fieldsOf(draft, ZONE)).toMatchObject({ repeats: 'once', due: '2026-11-23T10:00:00.000Z' })
  expect(fieldsOf({ ...draft, repeats: 'daily', weekdays: [1, 5] }, ZONE)).toMatchObject({ repeats: 'daily', time: '18:00', weekdays: [1, 5], ahead_minutes: 240 })
  expect(problemOf({ ...draft, title: ' ' }, 1, NOW, ZONE)).toBe('title')
  expect(problemOf(draft, 0, NOW, ZONE)).toBe('nobody')
  expect(problemOf(draft, 1, NOW + 86_400_000, ZONE)).toBe('past')
  expect(problemOf({ ...draft, repeats: 'daily', weekdays: [] }, 1, NOW, ZONE)).toBe('days')
  expect(problemOf({ ...draft, repeats: 'daily', ahead: 60, remind: 60 }, 1, NOW, ZONE)).toBe('remind')
  expect(problemOf(draft, 1, NOW, ZONE)).toBeUndefined()
})

const sent: [string, unknown][] = []
beforeEach(() => {
  sent.length = 0
  window.sessionStorage.clear()
  vi.useFakeTimers({ now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})
function card(one: Task, now = NOW) {
  const actions = useActions({ command: (kind, data) => { sent.push([kind, data]); return Promise.resolve({ seq: 1, entries: [] }) } })
  return mount(StationTask, { props: { task: one, account: 'a_1', actions, offline: false, zone: ZONE, now }, global: { plugins: [makeI18n()] } })
}

it('answers by one tap that can be taken back, and is not late by being held', async () => {
  const page = card(task())
  expect(page.text()).toContain('请在 今日 18:00 前报送')
  expect(page.get('[data-testid=station-task-left]').text()).toBe('还剩 2 小时 0 分')
  await page.get('[data-testid=station-task-normal]').trigger('click')
  await page.get('[data-testid=station-task-back]').trigger('click')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(sent).toEqual([])
  await page.get('[data-testid=station-task-normal]').trigger('click')
  await vi.advanceTimersByTimeAsync(6_000)
  expect(sent).toEqual([['task.answer', { situation: 'normal', task: 'q_1', round: 1 }]])
  vi.setSystemTime(Date.parse('2026-11-23T09:59:55Z'))
  const last = card(task({ id: 'q_2' }), Date.parse('2026-11-23T09:59:55Z'))
  await last.get('[data-testid=station-task-normal]').trigger('click')
  expect(sent.length, 'five seconds before it is due it goes at once').toBe(2)
})

it('says that it is late, that it is urged, what was answered, and that it was withdrawn', () => {
  const late = card(task({ round: { round: 1, opened_at: '', due: '2026-11-23T07:45:00.000000Z', closed_at: null, urged: 2, urged_at: '2026-11-23T07:50:00.000000Z' } }))
  expect(late.text()).toContain('已过时限 15 分钟')
  expect(late.get('[data-testid=station-task-urged]').text()).toContain('第 2 次')
  expect(card(task({ own: reply(VILLAGE, { late: true, situation: 'abnormal' }) })).text()).toMatch(/已报 今日 15:00 · 有情况（迟报）/)
  const ended = { at: '2026-11-23T07:00:00.000000Z', by: null, reason: '重复下发' }
  expect(card(task({ state: 'withdrawn', ended })).text()).toMatch(/已撤回，不用再报\s*原因：重复下发/)
})
