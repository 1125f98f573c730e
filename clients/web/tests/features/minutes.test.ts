import { describe, expect, it } from 'vitest'
import { effectScope, type EffectScope } from 'vue'

import { codeOf, momentsOf, piecesOf } from '@/features/minutes/codes'
import { differences, linesOf, merge } from '@/features/minutes/compare'
import { useWork, type Work } from '@/features/minutes/useWork'
import { approves, cameBack } from '@/features/minutes/waiting'
import { Refused, Unreachable } from '@/protocol/refusal'
import type { Account, Minutes, MinutesText } from '@/protocol/types'

const ANN = { account: 'a_1', name: '李某', center: '430682000000', center_name: '临湘市' }
const BOB = { ...ANN, account: 'a_2', name: '张某' }

function text(sections: Record<string, string>, title = '纪要'): MinutesText {
  return { language: 'zh', title, head: [], sections: Object.entries(sections).map(([id, words]) => ({ id, title: id, text: words, table: null })) }
}
const words = (of: MinutesText): Record<string, string> => Object.fromEntries(of.sections.map((section) => [section.id, section.text]))

describe('moments in a text', () => {
  it('are found and counted from the opening', () => {
    expect(piecesOf('甲 [00:12:47] 乙')).toEqual([{ text: '甲 ' }, { text: '[00:12:47]', second: 767 }, { text: ' 乙' }])
    expect(momentsOf('[00:00:01] [00:00:01] [99:59]')).toEqual([{ text: '[00:00:01]', second: 1 }])
    expect(codeOf(3_661_999)).toBe('[01:01:01]')
  })
})

describe('two texts held against each other', () => {
  it('tells the lines that are gone and new, and nothing of what is the same', () => {
    expect(linesOf(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([{ sign: 'same', text: 'a' }, { sign: 'gone', text: 'b' }, { sign: 'new', text: 'x' }, { sign: 'same', text: 'c' }])
    const found = differences(text({ a: '1\n2', b: '同' }), text({ a: '1\n3', c: '新' }))
    expect(found.map(({ id, lines }) => [id, lines.filter(({ sign }) => sign !== 'same').map(({ sign, text: said }) => `${sign} ${said}`)])).toEqual([['a', ['gone 2', 'new 3']], ['c', ['new 新']], ['b', ['gone 同']]])
  })
})

describe('what two people wrote at once', () => {
  const base = text({ a: '一', b: '二', c: '三' })
  it('is put together where only one of them changed a section', () => {
    const { text: together, both } = merge(base, text({ a: '一改', b: '二', c: '三' }), text({ a: '一', b: '二', d: '四', c: '三改' }))
    expect(both).toEqual([])
    expect(words(together)).toEqual({ a: '一改', b: '二', d: '四', c: '三改' })
  })
  it('is asked about where both did, also where one took it out', () => {
    expect(merge(base, text({ a: '甲', b: '二', c: '三' }), text({ a: '乙', b: '二', c: '三' })).both).toEqual(['a'])
    expect(merge(base, text({ b: '二', c: '三' }), text({ a: '乙', b: '二', c: '三' })).both).toEqual(['a'])
    expect(merge(base, text({ b: '二', c: '三' }), base).text.sections.map(({ id }) => id)).toEqual(['b', 'c'])
  })
})

/** The hub's side of what is being written, as the API has it. */
class Desk {
  rev = 0
  text: MinutesText | undefined
  by = BOB
  away = false
  calls: string[] = []
  call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    this.calls.push(`${method} ${path.split('/').at(-1) ?? ''}`)
    await Promise.resolve()
    if (this.away) throw new Unreachable('away')
    if (path.includes('/draft')) return { text: text({ a: '一', b: '二' }), sources: [], as_of: '2026-11-29T09:00:00Z' } as T
    if (method === 'PUT') {
      const { rev, text: sent } = body as { rev: number; text: MinutesText }
      if (rev !== this.rev) throw new Refused('conflict', 'late', 'rev')
      this.rev += 1
      this.text = sent
      this.by = ANN
      return { rev: this.rev, by: ANN, at: '2026-11-29T09:01:00Z' } as T
    }
    return { text: this.text, rev: this.rev, by: this.by, at: '2026-11-29T09:00:30Z' } as T
  }
}
class Kept {
  held = new Map<string, string>()
  getItem = (key: string): string | null => this.held.get(key) ?? null
  setItem = (key: string, value: string): void => { this.held.set(key, value) }
  removeItem = (key: string): void => { this.held.delete(key) }
}
function within(desk: Desk, kept = new Kept()): { work: Work; scope: EffectScope; kept: Kept } {
  const scope = effectScope()
  const work = scope.run(() => useWork(desk, 'm_1', ANN.account, () => 'zh', kept))
  if (work === undefined) throw new Error('no scope')
  return { work, scope, kept }
}

describe('writing', () => {
  it('begins with the draft and saves what was changed', async () => {
    const desk = new Desk()
    const { work, scope, kept } = within(desk)
    await work.read(false)
    expect(work.saving.value).toBe('fresh')
    work.change(text({ a: '一改', b: '二' }))
    expect(kept.held.size).toBe(1)
    expect(await work.flush()).toBe(true)
    expect(desk.text).toEqual(text({ a: '一改', b: '二' }))
    expect(work.saving.value).toBe('clean')
    expect(kept.held.size, 'what is saved is not kept in the tab').toBe(0)
    scope.stop()
  })

  it('loses nothing when the hub is away and the page is loaded anew', async () => {
    const desk = new Desk()
    const first = within(desk)
    await first.work.read(false)
    desk.away = true
    first.work.change(text({ a: '写了半天', b: '二' }))
    expect(await first.work.flush()).toBe(false)
    expect(first.work.saving.value).toBe('failed')
    first.scope.stop()
    desk.away = false
    const again = within(desk, first.kept)
    await again.work.read(false)
    expect(again.work.said.value?.key).toBe('restored')
    expect(await again.work.flush()).toBe(true)
    expect(desk.text).toEqual(text({ a: '写了半天', b: '二' }))
    again.scope.stop()
  })

  it('puts another clerk’s sections in, and asks where both wrote on one', async () => {
    const desk = new Desk()
    const { work, scope } = within(desk)
    await work.read(false)
    desk.rev = 1
    desk.text = text({ a: '一', b: '他改的' })
    work.change(text({ a: '我改的', b: '二' }))
    expect(await work.flush()).toBe(true)
    expect(desk.text).toEqual(text({ a: '我改的', b: '他改的' }))
    expect(work.said.value).toEqual({ key: 'merged', by: BOB })
    desk.rev += 1
    desk.text = text({ a: '他又改了', b: '他改的' })
    work.change(text({ a: '我又改了', b: '他改的' }))
    expect(await work.flush()).toBe(false)
    expect(work.conflict.value?.both).toEqual(['a'])
    expect(desk.text, 'the other’s stands until somebody has chosen').toEqual(text({ a: '他又改了', b: '他改的' }))
    expect(await work.resolve(text({ a: '他又改了，我也改了', b: '他改的' }))).toBe(true)
    expect(desk.text).toEqual(text({ a: '他又改了，我也改了', b: '他改的' }))
    scope.stop()
  })
})

describe('who minutes wait for', () => {
  const account = (id: string, role: Account['role']): Account => ({ id, username: id, name: id, role, center: ANN.center, center_name: '临湘市', level: 'county' }) as unknown as Account
  const one = { state: 'submitted', chair: BOB, submitted_by: ANN, center: ANN.center } as unknown as Minutes
  it('is the chair, or a leader there, but nobody for his own', () => {
    const below = (): boolean => true
    expect(approves(one, account(BOB.account, 'dispatcher'), () => false)).toBe(true)
    expect(approves(one, account('a_3', 'leader'), below)).toBe(true)
    expect(approves(one, account(ANN.account, 'leader'), below)).toBe(false)
    expect(approves(one, account('a_3', 'dispatcher'), below)).toBe(false)
    expect(cameBack({ ...one, state: 'returned' }, account(ANN.account, 'clerk'))).toBe(true)
  })
})
