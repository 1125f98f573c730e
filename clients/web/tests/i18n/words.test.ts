/** Both languages say the same things; every message that a page asks for is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import pageEn from '@/features/bookings/page.en'
import pageZh from '@/features/bookings/page.zh'
import gridsEn from '@/features/orders/grids.en'
import gridsZh from '@/features/orders/grids.zh'
import ownEn from '@/features/orders/own.en'
import ownZh from '@/features/orders/own.zh'
import viewEn from '@/features/orders/view.en'
import viewZh from '@/features/orders/view.zh'
import { nameIn, wordsOf } from '@/features/words'
import { en } from '@/i18n/en'
import { zhCN } from '@/i18n/zh-CN'

import { leaves } from '../support/words'

const SRC = join(import.meta.dirname, '../../src')
/** Words that are fetched with what shows them, and put to the others then. */
const later = { zh: { bookings: pageZh, orders: { own: ownZh, view: viewZh, grids: gridsZh } }, en: { bookings: pageEn, orders: { own: ownEn, view: viewEn, grids: gridsEn } } }
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort()
/** A message with a form for one and a form for many has these holes in the latter; the former may spell “one” out. */
const many = (text: string): string => text.split(' | ').at(-1) ?? ''

describe('the two languages', () => {
  it('have the same keys', () => {
    expect(leaves(en).map(([key]) => key).sort()).toEqual(leaves(zhCN).map(([key]) => key).sort())
    expect(leaves(later.en).map(([key]) => key).sort()).toEqual(leaves(later.zh).map(([key]) => key).sort())
  })

  it('leave no text empty, and the same words to be filled in', () => {
    const english = new Map([...leaves(en), ...leaves(later.en)])
    for (const [key, text] of [...leaves(zhCN), ...leaves(later.zh)]) {
      expect(text, key).not.toBe('')
      expect(english.get(key), key).not.toBe('')
      expect(holes(many(english.get(key) ?? '')), key).toEqual(holes(text))
      for (const form of english.get(key)?.split(' | ') ?? []) expect(holes(text), key).toEqual(expect.arrayContaining(holes(form)))
    }
  })
})

describe('messages', () => {
  const known = [...leaves(zhCN), ...leaves(later.zh)].map(([key]) => key)
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.gen)\.(vue|ts)$/.test(file) && !file.startsWith('i18n'))
  const roots = Object.keys(zhCN)

  it.each(files)('that %s asks for are there', (file) => {
    const text = readFileSync(join(SRC, file), 'utf8')
    // a whole key, or one that ends in something that is known later: `orders.state.${word}`
    for (const [, key = '', rest] of text.matchAll(/(?<!\.has\(|needs: )['`]([a-z][A-Za-z]*(?:\.\w+)+\.?)(['`]|\$\{)/g)) {
      if (!roots.includes(key.split('.')[0] ?? '') || /\.(vue|ts)$/.test(key)) continue
      const found = rest === '${' ? known.some((one) => one.startsWith(key)) : known.some((one) => one === key || one.startsWith(`${key}.`))
      // kinds of entries and commands are no messages, nor are rights: `can.has(…)`, `needs: …`
      if (!(key in zhCN.entry) && !(key in zhCN.command)) expect(found, key).toBe(true)
    }
  })
})

describe('words of features', () => {
  it('stand below the name of the folder, and the names of kinds are put together', () => {
    const words = wordsOf({ '../features/floor/words.zh.ts': { tab: '发言', entry: { 'floor.granted': '请发言' } }, './a/words.zh.ts': { entry: { 'a.b': 'c' } } })
    expect(words['floor']).toMatchObject({ tab: '发言' })
    expect(words.entry).toEqual({ 'floor.granted': '请发言', 'a.b': 'c' })
    expect(nameIn('./floor/console.ts')).toBe('floor')
  })
})
