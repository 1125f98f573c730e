/** Every kind of entry and command that the hub knows is told by a feature, in both languages; nothing is told twice. */
import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { describe as inWords, GROUPS, isTold, LANES, laneOf, shapeOf, toldBy, whyUntold } from '@/features/record'
import { en } from '@/i18n/en'
import { zhCN } from '@/i18n/zh-CN'
import type { EntryKind } from '@/protocol/types'

import { ENTRIES as RECORD } from '../archive/record'
import { snapshot } from '../support/examples'
import { wordAt } from '../support/words'

/** The keys of an interface in what the hub's models were turned into. */
function keysOf(name: string): string[] {
  const text = readFileSync(new URL('../../src/protocol/types.gen.ts', import.meta.url), 'utf8')
  const body = new RegExp(`export interface ${name} \\{\\n([^}]*)\\n\\}`).exec(text)?.[1] ?? ''
  return [...body.matchAll(/^ {2}'([^']+)':/gm)].map((found) => found[1] ?? '')
}
const ENTRIES = keysOf('EntryData')
const COMMANDS = keysOf('CommandData')

describe('every kind that the hub knows', () => {
  it('is found', () => {
    expect(ENTRIES).toContain('order.issued')
    expect(COMMANDS).toContain('order.issue')
  })

  it.each(ENTRIES)('%s has a sentence and a lane, or a reason why it has none', (kind) => {
    if (isTold(kind)) expect(laneOf(kind as EntryKind)).toBeDefined()
    else expect(whyUntold(kind) ?? '').not.toBe('')
  })

  it.each(ENTRIES)('%s has a name in both languages', (kind) => {
    for (const words of [zhCN, en]) expect(words.entry[kind] ?? '').not.toBe('')
  })

  it.each(COMMANDS)('%s, a command, has a name in both languages', (kind) => {
    for (const words of [zhCN, en]) expect(words.command[kind] ?? '').not.toBe('')
  })
})

describe('an entry', () => {
  const told = toldBy(snapshot(), RECORD)

  it.each(RECORD)('no. $seq is told by a message that there is, with the words that it wants', (entry) => {
    const { key, words } = inWords(entry, told)
    for (const language of [zhCN, en]) {
      const text = wordAt(language, key)
      const wanted = [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '')
      expect(Object.keys(words)).toEqual(expect.arrayContaining(wanted))
    }
    expect(shapeOf(entry).d).toMatch(/^M/)
  })
})

describe('lanes', () => {
  it('stand apart, have a name in both languages, and those aside are filters only', () => {
    expect(new Set(GROUPS.map((lane) => lane.place)).size).toBe(GROUPS.length)
    expect(new Set(GROUPS.map((lane) => lane.name)).size).toBe(GROUPS.length)
    for (const lane of GROUPS) for (const words of [zhCN, en]) expect(wordAt(words, lane.says)).not.toBe('')
    expect(GROUPS.map((lane) => lane.place)).toEqual(GROUPS.map((lane) => lane.place).sort((a, b) => a - b))
    expect(LANES.map((lane) => lane.name)).toContain('presence')
    expect(LANES.map((lane) => lane.name)).not.toContain('recording')
  })
})
