import { describe, expect, test, vi } from 'vitest'
import { computed, ref } from 'vue'

import { foundDocuments } from '@/features/finding/find'
import { useFinding } from '@/features/finding/useFinding'
import { addressOf, askOf, isEnough, momentOf, piecesOf, queryOf, wantedOf } from '@/features/finding/wanted'
import type { Found, FoundHit, FoundMeeting } from '@/protocol/types'

const MEETING: FoundMeeting = { id: 'm_1', title: '防汛', kind: 'dispatch', state: 'ended', drill: false, level: 'normal', opened_at: '2026-11-23T08:00:00Z', ended_at: '2026-11-23T09:00:00Z' }
const hit = (seq: number, more: Partial<FoundHit> = {}): FoundHit => ({
  seq,
  meeting: 'm_1',
  drill: false,
  sort: 'report',
  kind: 'report.filed',
  at: '2026-11-23T08:01:30Z',
  subject: 'e_1',
  center: '430600000000',
  who: '坦渡村',
  text: '检查站积水',
  marks: [[0, 2]],
  who_marks: [],
  cut_before: false,
  cut_after: false,
  ...more,
})

describe('what is looked for', () => {
  test('stands in the address and comes back out of it', () => {
    const query = { q: '检查站', sort: 'report', from: '2026-11-01', center: '430600000000', state: 'over', view: 'spoken' }
    expect(queryOf(wantedOf(query))).toEqual(query)
    expect(queryOf(wantedOf({ sort: 'nonsense', center: '12', state: 'x', q: ['a', 'b'] }))).toEqual({})
  })

  test('is a word of two characters, or another filter', () => {
    expect(askOf(wantedOf({}))).toBe('nothing')
    expect(askOf(wantedOf({ q: '水' }))).toBe('short')
    expect(askOf(wantedOf({ q: '水 位' }))).toBe('short')
    expect(askOf(wantedOf({ q: '水位 高' }))).toEqual({ q: '水位 高' })
    expect(askOf(wantedOf({ sort: 'decision' }))).toEqual({ sort: 'decision' })
    expect(isEnough('Ｇ４')).toBe(true)
  })

  test('a period ends with its last day', () => {
    const asked = askOf(wantedOf({ q: '水位', from: '2026-11-23', to: '2026-11-23' }))
    if (typeof asked === 'string') throw new Error(asked)
    expect(Date.parse(asked.to ?? '') - Date.parse(asked.from ?? '')).toBe(86_400_000)
  })
})

describe('a hit', () => {
  test('opens at its second in its meeting, else where it stands by itself', () => {
    expect(addressOf(hit(7), MEETING)).toEqual({ name: 'archive-meeting', params: { meeting: 'm_1' }, query: { t: '90.0', entry: '7' } })
    expect(addressOf(hit(7, { meeting: null }), null)).toEqual({ name: 'cases-report', params: { report: 'e_1' } })
    expect(addressOf(hit(7, { sort: 'answer', subject: 'o_1' }), null)).toEqual({ name: 'orders-order', params: { order: 'o_1' } })
    expect(addressOf(hit(7, { sort: 'note' }), null)).toBeUndefined()
    expect(momentOf(MEETING, '2026-11-23T07:59:00Z')).toMatchObject({ query: { t: '0.0' } })
  })

  test('is marked by characters, also behind one that takes two places', () => {
    expect(piecesOf('𬭎检查站', [[1, 3]])).toEqual([
      { text: '𬭎', hit: false },
      { text: '检查', hit: true },
      { text: '站', hit: false },
    ])
  })
})

describe('the search', () => {
  const pageOf = (seqs: number[], next: string | null, first: boolean): Found => ({
    groups: [{ meeting: MEETING, hits: seqs.map((seq) => hit(seq)) }],
    next,
    total: first ? 3 : null,
    more: first ? false : null,
  })

  test('puts a further page to the meeting that is shown already', async () => {
    const call = vi.fn().mockResolvedValueOnce(pageOf([9, 8], '8.99', true)).mockResolvedValueOnce(pageOf([7], null, false))
    const found = useFinding({ call }, computed(() => wantedOf({ q: '检查' })))
    await vi.waitFor(() => {
      expect(found.total.value).toBe(3)
    })
    await found.readMore()
    expect(call).toHaveBeenLastCalledWith('GET', expect.stringContaining('before=8.99'))
    expect(found.groups.value.map((group) => group.hits.map((one) => one.seq))).toEqual([[9, 8, 7]])
    expect(found.next.value).toBeNull()
  })

  test('lets an older answer go that comes late, and keeps what is shown when the hub is away', async () => {
    let late: (page: Found) => void = () => undefined
    const call = vi
      .fn()
      .mockReturnValueOnce(new Promise<Found>((done) => (late = done)))
      .mockResolvedValueOnce(pageOf([5], null, true))
      .mockRejectedValueOnce(new Error('away'))
    const q = ref('旧的')
    const found = useFinding({ call }, computed(() => wantedOf({ q: q.value })))
    q.value = '新的'
    await vi.waitFor(() => {
      expect(found.groups.value).toHaveLength(1)
    })
    late(pageOf([1, 2], null, true))
    await found.again()
    expect(found.problem.value).not.toBe('')
    expect(found.groups.value[0]?.hits.map((one) => one.seq)).toEqual([5])
  })
})

test('Ctrl-K finds documents, and leads to all that is found', async () => {
  const go = vi.fn()
  const call = vi.fn().mockResolvedValue({ groups: [{ meeting: null, hits: [hit(3, { sort: 'incident', subject: 'i_1', text: '护坡裂缝', meeting: null })] }], next: null, total: 1, more: false })
  const found = await foundDocuments({ call }, { go }, '裂缝', { orders: false, locale: 'zh-CN', all: '全部' })
  expect(found.map((one) => [one.kind, one.text])).toEqual([
    ['事件诉求', '护坡裂缝'],
    ['查找', '“裂缝”'],
  ])
  found.forEach((one) => {
    one.press()
  })
  expect(go.mock.calls.map(([to]) => (to as { name: string }).name)).toEqual(['incidents-one', 'finding'])
  expect(await foundDocuments({ call }, { go }, '裂', { orders: false, locale: 'zh-CN', all: '' })).toEqual([])
})
