/** The record in words, its head in numbers, and its proof. */
import { createHash } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { describe as inWords, laneOf, toldBy } from '@/features/record'
import { clockText, minutesOf } from '@/pages/archive/minutes'
import { canonical, prove, provenText } from '@/pages/archive/proof'
import type { Entry } from '@/protocol/types'

import { ENTRIES, OPENED, SNAPSHOT } from './record'

function seqOf(seq: number): Entry {
  const found = ENTRIES.find((entry) => entry.seq === seq)
  if (!found) throw new Error(`no entry ${String(seq)}`)
  return found
}

describe('sentences', () => {
  const told = toldBy(SNAPSHOT, ENTRIES)
  const say = (seq: number) => inWords(seqOf(seq), told)

  it('name people by center and name, never by a bare id', () => {
    for (const entry of ENTRIES) {
      const words = Object.values(inWords(entry, told).words).join(' ')
      expect(words).not.toMatch(/a_leader|a_village|o_1/)
    }
  })

  it('say what a signature was given for', () => {
    expect(say(6)).toEqual({
      key: 'orders.sentence.signed',
      words: { who: '坦渡村', person: '李某', order: '加强村口检查站值守' },
      quote: '',
    })
  })

  it('quote what a person wrote, unchanged', () => {
    expect(say(5).quote).toBe('加强村口检查站值守')
    expect(say(5).key).toBe('orders.sentence.issued_urgent')
    expect(say(8).quote).toBe('要点')
  })

  it('have a sentence even for a kind that this page does not know', () => {
    const strange = { ...seqOf(1), kind: 'roll.called' } as unknown as Entry
    expect(inWords(strange, told)).toEqual({ key: 'archive.record.other', words: { kind: 'roll.called' }, quote: '' })
    expect(laneOf(strange.kind)).toBeUndefined()
  })
})

describe('minutes', () => {
  it('say how long it was', () => {
    const minutes = minutesOf(SNAPSHOT, Date.parse(OPENED) + 1e9)
    expect(minutes.durationMs).toBe(90_000)
    expect(minutes.running).toBe(false)
  })

  it('let a running meeting last until now', () => {
    const running = { ...SNAPSHOT, state: 'open' as const, ended_at: null }
    expect(minutesOf(running, Date.parse(OPENED) + 61_000).durationMs).toBe(61_000)
  })

  it('write durations as clocks', () => {
    expect([0, 65_400, 3_723_000].map((ms) => clockText(ms))).toEqual(['00:00', '01:05', '1:02:03'])
    expect(clockText(65_490, true)).toBe('01:05.4')
  })
})

describe('proof', () => {
  it('writes canonical JSON as RFC 8785 asks', () => {
    expect(canonical({ b: [1, 'é', null], a: { d: true, c: '\u20ac\n' } })).toBe(
      '{"a":{"c":"€\\n","d":true},"b":[1,"é",null]}',
    )
    expect(canonical({ '\u20ac': 1, '\r': 2, '1': 3 })).toBe('{"\\r":2,"1":3,"€":1}')
  })

  it('finds an entry true, and an edited one false', async () => {
    const bare = seqOf(6)
    const hash = createHash('sha256').update(provenText(bare)).digest('hex')
    const sealed = { ...bare, hash }
    expect(await prove(sealed, undefined)).toEqual({ own: true, link: 'unseen' })
    expect((await prove({ ...sealed, at: '2026-11-23T08:00:51.000000Z' }, undefined)).own).toBe(false)
  })

  it('checks the link only to the very entry before', async () => {
    const before = { ...seqOf(5), hash: 'a'.repeat(64) }
    const linked = { ...seqOf(6), prev: 'a'.repeat(64) }
    expect((await prove(linked, before)).link).toBe(true)
    expect((await prove({ ...linked, prev: 'b'.repeat(64) }, before)).link).toBe(false)
    expect((await prove(linked, seqOf(3))).link).toBe('unseen')
  })
})
