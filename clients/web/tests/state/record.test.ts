/** The record beside a meeting: its newest entries, and older ones when somebody asks. */
import { describe, expect, it, vi } from 'vitest'

import type { Entry } from '@/protocol/types'
import type { Frame } from '@/state/frame'
import { NEWEST, recordStore } from '@/state/record'

import { entry } from '../support/examples'

const muted = (seq: number): Entry => entry(seq, 'participant.muted', { participant: 'a_1' })
const opened = (seq: number): Entry => ({ ...muted(seq), kind: 'meeting.opened' }) as Entry
const until = (last: number, first = 1, step = 1): Entry[] => Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => muted(first + at * step))
/** A frame that comes when the test says so. */
function handFrame(): Frame {
  const waiting = new Set<() => void>()
  const flush = (): void => {
    for (const work of [...waiting]) work()
    waiting.clear()
  }
  return { soon: (work) => waiting.add(work), flush, stop: () => undefined }
}
const seqs = (entries: readonly Entry[]): number[] => entries.map((one) => one.seq)

describe('the record', () => {
  it('stands by seq, each entry once, and changes with a picture', () => {
    const frame = handFrame()
    const record = recordStore(frame)
    record.add([muted(5), muted(3)])
    record.add([muted(5), muted(9)])
    expect(record.entries.value).toEqual([])
    frame.flush()
    expect(seqs(record.entries.value)).toEqual([3, 5, 9])
    record.add([muted(4)])
    expect(record.newest()).toBe(9)
    expect(seqs(record.entries.value)).toEqual([3, 4, 5, 9])
  })

  it('keeps its newest entries only', () => {
    const frame = handFrame()
    const record = recordStore(frame)
    record.add(until(NEWEST + 50))
    frame.flush()
    expect(record.entries.value.length).toBe(NEWEST)
    expect(record.newest()).toBe(NEWEST + 50)
    expect(record.older.value).toBe(true)
  })

  it('reads older ones on demand until the meeting begins, and keeps them', async () => {
    const frame = handFrame()
    const record = recordStore(frame)
    const journal = [opened(7), ...until(600, 9), ...until(90_600, 90_000)]
    const read = vi.fn((before: number, limit: number) => Promise.resolve(journal.filter((one) => one.seq < before).slice(-limit)))
    record.add(journal.slice(-50))
    frame.flush()
    while (record.older.value) await record.readOlder(read)
    expect(seqs(record.entries.value)).toEqual(seqs(journal))
    expect(read).toHaveBeenCalledTimes(3)
    record.add([muted(90_700)])
    frame.flush()
    expect(record.entries.value.length).toBe(journal.length + 1)
  })

  it('asks no more where nothing older is to be seen', async () => {
    const frame = handFrame()
    const record = recordStore(frame)
    record.add([muted(40)])
    frame.flush()
    await record.readOlder(() => Promise.resolve([]))
    expect(record.older.value).toBe(false)
  })
})
