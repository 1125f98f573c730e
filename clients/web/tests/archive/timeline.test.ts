/** The time line says where things stand: pixels and moments agree, marks fall in their lanes. */
import { describe, expect, it } from 'vitest'

import {
  currentIndex,
  marksAt,
  marksOf,
  momentOf,
  gapAt,
  gapsOf,
  partLanes,
  spansOf,
  ticks,
  toMs,
  toPx,
  zoomed,
  type Scale,
} from '@/pages/archive/timeline'

import { ENTRIES, OPENED, part } from './record'

const scale: Scale = { fromMs: 0, toMs: 90_000, widthPx: 900 }

describe('scale', () => {
  it('maps a moment to a pixel and back', () => {
    for (const ms of [0, 1, 42_195, 90_000]) expect(toMs(scale, toPx(scale, ms))).toBeCloseTo(ms, 6)
  })

  it('keeps a click outside within the meeting', () => {
    expect(toMs(scale, -50)).toBe(0)
    expect(toMs(scale, 5_000)).toBe(90_000)
  })

  it('has an answer for a meeting of no length and a line of no width', () => {
    expect(toPx({ fromMs: 0, toMs: 0, widthPx: 900 }, 10)).toBe(0)
    expect(toMs({ fromMs: 0, toMs: 90_000, widthPx: 0 }, 10)).toBe(0)
  })

  it('zooms around the pixel under the pointer and never beyond the meeting', () => {
    const near = zoomed(scale, 0.5, 300, 90_000)
    expect(near.toMs - near.fromMs).toBe(45_000)
    expect(toMs(near, 300)).toBeCloseTo(toMs(scale, 300), 6)
    expect(zoomed(near, 100, 300, 90_000)).toEqual(scale)
    expect(zoomed(scale, 0.000001, 0, 90_000).toMs).toBe(10_000)
  })

  it('labels round moments that do not touch', () => {
    const found = ticks(scale)
    expect(found).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000])
    const day = ticks({ fromMs: 0, toMs: 5 * 3_600_000, widthPx: 900 })
    expect(day.every((ms) => ms % 1_800_000 === 0)).toBe(true)
    expect(ticks({ fromMs: 0, toMs: 0, widthPx: 900 })).toEqual([])
  })
})

describe('marks', () => {
  const marks = marksOf(ENTRIES, OPENED, 90_000)

  it('stand at their moment, and a note where it was meant', () => {
    expect(marks.find((mark) => mark.entry.seq === 5)?.atMs).toBe(42_195)
    expect(marks.find((mark) => mark.entry.seq === 8)?.atMs).toBe(60_000)
    const note = ENTRIES.find((each) => each.seq === 8)
    expect(note && momentOf(note, OPENED)).toBe(60_000)
  })

  it('leave out what happened after the meeting', () => {
    expect(marks.some((mark) => mark.entry.seq === 12)).toBe(false)
    expect(marks.some((mark) => mark.entry.kind === 'meeting.ended')).toBe(true)
  })

  it('join an order from its issue to its last word', () => {
    expect(spansOf(marks)).toEqual([{ lane: 'orders', subject: 'o_1', fromMs: 42_195, toMs: 50_000 }])
  })

  it('are found under the pointer, nearest first, in their lane only', () => {
    expect(marksAt(marks, 'orders', scale, 423).map((mark) => mark.entry.seq)).toEqual([5])
    expect(marksAt(marks, 'reports', scale, 423)).toEqual([])
    expect(marksAt(marks, 'orders', scale, 300)).toEqual([])
  })
})

describe('partLanes', () => {
  it('has one lane a participant with a gap between two parts', () => {
    const lanes = partLanes([part('p_2', { offset_ms: 50_000 }), part('p_1')], 90_000)
    expect(lanes).toHaveLength(1)
    expect(lanes[0]?.stretches.map((stretch) => [stretch.part, stretch.fromMs, stretch.toMs])).toEqual([
      ['p_1', 2_500, 32_500],
      ['p_2', 50_000, 80_000],
    ])
  })

  it('lets a part that is being recorded reach to now', () => {
    const growing = part('p_3', { state: 'recording', duration_ms: null })
    expect(partLanes([growing], 70_000)[0]?.stretches[0]?.toMs).toBe(70_000)
  })
})

describe('gapsOf', () => {
  const holed = part('p_4', { holes: [{ kind: 'audio', from_ms: 1_000, to_ms: 6_000, why: 'nothing' }, { kind: 'video', from_ms: 4_000, to_ms: 7_000, why: 'lost' }] })

  it('lays the holes of a part on the meeting’s time line', () => {
    expect(gapsOf(holed).map((gap) => [gap.kind, gap.fromMs, gap.toMs])).toEqual([['audio', 3_500, 8_500], ['video', 6_500, 9_500]])
    expect(partLanes([holed], 90_000)[0]?.stretches[0]?.holes).toEqual(gapsOf(holed))
  })

  it('says what is missing at a moment', () => {
    expect(gapAt(gapsOf(holed), 'audio', 3_499)).toBeUndefined()
    expect(gapAt(gapsOf(holed), 'audio', 3_500)?.why).toBe('nothing')
    expect(gapAt(gapsOf(holed), 'video', 9_499)?.why).toBe('lost')
    expect(gapAt(gapsOf(holed), 'video', 9_500)).toBeUndefined()
  })
})

describe('currentIndex', () => {
  it('finds the last entry at or before the moment', () => {
    expect(currentIndex([], 5)).toBe(-1)
    expect(currentIndex([10, 20, 20, 30], 9)).toBe(-1)
    expect(currentIndex([10, 20, 20, 30], 20)).toBe(2)
    expect(currentIndex([10, 20, 20, 30], 99)).toBe(3)
  })
})
