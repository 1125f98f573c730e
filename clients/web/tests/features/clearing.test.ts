/** Lists of people: what a station found out reaches the hub once, whatever the line does; what a file lacks is said. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { askedOf, columnProblem, guessed, letterOf, loadProblem, titleOf } from '@/features/clearing/bringing'
import { HOLD_MS, makeQueue, type ResultQueue } from '@/features/clearing/queue'
import { leftOf, shareOf, standingOf } from '@/features/clearing/wording'
import { Refused, Unreachable } from '@/protocol/refusal'
import type { BroughtResult, Clearing, ListDraft, ListMatch, ResultsBrought, ResultsTaken } from '@/protocol/types'

const LIST = 'li_1'
const TAKEN: ResultsTaken = { seq: 7, rows: 1 }
const result = (row: number, outcome: BroughtResult['outcome'] = 'normal'): BroughtResult => ({ row, outcome, trouble: null, to: null, text: '' })

function memory(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { readonly held: Map<string, string> } {
  const held = new Map<string, string>()
  return { held, getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value), removeItem: (key) => void held.delete(key) }
}

describe('what a station found out', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())
  let made = 0
  const place = (send: (clearing: string, results: ResultsBrought) => Promise<ResultsTaken>, storage = memory()): { queue: ResultQueue; sent: number[]; storage: typeof storage } => {
    const sent: number[] = []
    const queue = makeQueue({ key: 'k', storage, send, sent: (_, results) => void sent.push(...results.map(({ row }) => row)), newId: () => `id-${String(++made)}` })
    return { queue, sent, storage }
  }

  it('is held for a moment, can be taken back, and goes together with what else is ready', async () => {
    const asked: number[][] = []
    const { queue, sent, storage } = place((_, { results }) => Promise.resolve({ seq: asked.push(results.map(({ row }) => row)), rows: results.length }))
    queue.put(LIST, result(1))
    queue.put(LIST, result(2))
    queue.put(LIST, result(3))
    queue.takeBack(LIST, 2)
    await vi.advanceTimersByTimeAsync(HOLD_MS - 100)
    expect(asked).toEqual([])
    expect(queue.held(LIST, 1)).toBe(true)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toEqual([[1, 3]])
    expect(sent).toEqual([1, 3])
    expect(queue.count.value).toBe(0)
    expect(storage.held.size).toBe(0)
  })

  it('waits for the line under one id, and outlives the page', async () => {
    let away = true
    const ids: string[] = []
    const send = (_: string, { id }: ResultsBrought): Promise<ResultsTaken> => {
      ids.push(id)
      return away ? Promise.reject(new Unreachable('no answer')) : Promise.resolve(TAKEN)
    }
    const first = place(send)
    first.queue.put(LIST, result(1))
    await vi.advanceTimersByTimeAsync(HOLD_MS + 7000)
    expect(ids.length).toBeGreaterThan(1)
    first.queue.put(LIST, result(2))
    first.queue.end()
    const second = place(send, first.storage)
    expect(second.queue.count.value).toBe(2)
    expect(second.queue.of(LIST, 1)?.outcome).toBe('normal')
    away = false
    await vi.advanceTimersByTimeAsync(HOLD_MS + 4000)
    expect(second.sent).toEqual([1, 2])
    expect(new Set(ids.slice(0, -1)).size).toBe(1)
  })

  it('is not lost with another that is refused', async () => {
    const send = (_: string, { results }: ResultsBrought): Promise<ResultsTaken> =>
      results.some(({ row }) => row === 2) ? Promise.reject(new Refused('not_found', 'gone', 'results')) : Promise.resolve(TAKEN)
    const { queue, sent } = place(send)
    for (const row of [1, 2, 3]) queue.put(LIST, result(row))
    await vi.advanceTimersByTimeAsync(HOLD_MS + 1000)
    expect(sent.sort()).toEqual([1, 3])
    expect(queue.failures.value.map(({ row }) => row)).toEqual([2])
    expect(queue.count.value).toBe(0)
  })

  it('is kept while the hub cannot take it', async () => {
    let full = true
    const { queue, sent } = place(() => (full ? Promise.reject(new Refused('unavailable', 'away')) : Promise.resolve(TAKEN)))
    queue.put(LIST, result(1))
    await vi.advanceTimersByTimeAsync(HOLD_MS + 100)
    expect(queue.count.value).toBe(1)
    full = false
    queue.wake()
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toEqual([1])
  })

  it('begins anew where what was kept is nonsense', () => {
    const storage = memory()
    storage.setItem('k', '{"waiting": 7')
    expect(place(() => Promise.resolve(TAKEN), storage).queue.count.value).toBe(0)
  })
})

describe('a file on its way to become a list', () => {
  const match: ListMatch = { rows: 3, matched: 2, centers: 1, left_out: 0, repeated: 0, unsure: [], unsure_texts: 1, unsure_rows: 1, wrong_rows: 0 }

  it('says what is missing', () => {
    expect(columnProblem(['id', 'personal'])).toBe('center')
    expect(columnProblem(['center', 'id', 'id'])).toBe('id')
    expect(columnProblem(['center', 'out'])).toBe('kept')
    expect(columnProblem(['center', 'shown'])).toBeUndefined()
    expect(loadProblem(match, 'x', false)).toBe('unsure')
    expect(loadProblem(match, ' ', true)).toBe('title')
    expect(loadProblem({ ...match, matched: 0 }, 'x', true)).toBe('none')
    expect(loadProblem(match, 'x', true)).toBeUndefined()
    expect(askedOf(['center'], new Map(Array.from({ length: 501 }, (_, at) => [String(at), null])))).toBeUndefined()
  })

  it('takes one column alone for the identity, and the name of the file for its own', () => {
    const draft = { columns: [{ guess: 'id' }, { guess: 'id' }, { guess: 'center' }] } as unknown as ListDraft
    expect(guessed(draft)).toEqual(['id', 'personal', 'center'])
    expect(titleOf('铁路比对.XLSX')).toBe('铁路比对')
    expect([letterOf(0), letterOf(25), letterOf(26)]).toEqual(['A', 'Z', 'AA'])
  })
})

describe('how a list stands', () => {
  const counts = { total: 4, normal: 1, abnormal: 1, absent: 0, moved: 1, passed: 9 }
  const one = { state: 'issued', due: '2026-11-29T10:00:00Z', counts } as Clearing

  it('is late after its time while something is left, and cleared when nothing is', () => {
    expect([leftOf(counts), shareOf(counts)]).toEqual([1, 75])
    expect(standingOf(one, Date.parse('2026-11-29T09:00:00Z'))).toBe('issued')
    expect(standingOf(one, Date.parse('2026-11-29T11:00:00Z'))).toBe('late')
    expect(standingOf({ ...one, counts: { ...counts, total: 3 } }, Date.parse('2026-11-29T11:00:00Z'))).toBe('cleared')
    expect(shareOf({ ...counts, total: 1000, normal: 997 })).toBe(99)
  })
})
