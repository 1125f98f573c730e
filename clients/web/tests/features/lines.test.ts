import { expect, test } from 'vitest'

import { troublesOf } from '@/features/lines/troubles'
import type { Entry, Part } from '@/protocol/types'

const OPENED = '2026-11-01T08:00:00.000000Z'
const entry = (kind: string, ms: number, data: object): Entry => ({ kind, at: new Date(Date.parse(OPENED) + ms).toISOString(), data }) as never
const part = (participant: string, from: number, long: number, holes: Part['holes'] = []): Part =>
  ({ id: `p_${String(from)}`, participant, name: participant, offset_ms: from, duration_ms: long, state: 'closed', source: 'camera', holes, tracks: [] }) as never
const hole = (kind: 'audio' | 'video', from_ms: number, to_ms: number, why: 'nothing' | 'lost' | 'disk'): Part['holes'][number] => ({ kind, from_ms, to_ms, why })
const told = (parts: Part[], entries: Entry[] = []): unknown[] => troublesOf(parts, entries, OPENED, 100_000).map(({ what, fromMs, toMs }) => [what, fromMs, toMs])

test('what was lost is the line; what nobody sent, and what the disk left out, is not', () => {
  expect(told([part('坦渡村', 1_000, 50_000, [hole('audio', 4_000, 7_000, 'lost'), hole('video', 9_000, 12_000, 'disk'), hole('audio', 20_000, 30_000, 'nothing')])])).toEqual([['lost', 5_000, 8_000]])
})

test('that neither picture nor sound came is told for as long as both are missing', () => {
  expect(told([part('坦渡村', 0, 50_000, [hole('video', 10_000, 20_000, 'nothing'), hole('audio', 15_000, 30_000, 'nothing')])])).toEqual([['silent', 15_000, 20_000]])
})

test('who is back within a minute was cut off, unless he had left or the recording was stopped', () => {
  const parts = [part('a', 0, 10_000), part('a', 25_000, 10_000)]
  expect(told(parts)).toEqual([['again', 10_000, 25_000]])
  expect(told(parts, [entry('meeting.left', 11_000, { participant: 'a' })])).toEqual([])
  expect(told(parts, [entry('recording.stopped', 9_800, {})])).toEqual([])
  expect(told(parts, [entry('meeting.left', 11_000, { participant: 'b' })])).toEqual([['again', 10_000, 25_000]])
  expect(told([part('a', 0, 10_000), part('a', 75_000, 10_000)])).toEqual([])
})

test('many who were cut off at once are one stretch, to the end where it was never over', () => {
  const raised = entry('alarm.raised', 30_000, { alarm: 'al_1', kind: 'lost', words: { lost: 4, of: 9 } })
  const cleared = entry('alarm.cleared', 42_000, { alarm: 'al_1', why: 'over' })
  expect(told([], [raised, cleared])).toEqual([['many', 30_000, 42_000]])
  expect(told([], [raised])).toEqual([['many', 30_000, 100_000]])
})
