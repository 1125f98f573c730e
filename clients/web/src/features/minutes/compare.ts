/** What differs between two texts of minutes, line by line; and putting together what two people wrote at once. Pure. */
import type { MinutesSection, MinutesText } from '@/protocol/types'

import { codeOf } from './codes'

export interface Line {
  readonly sign: 'same' | 'gone' | 'new'
  readonly text: string
}
export interface Difference {
  readonly id: string
  readonly title: string
  readonly lines: readonly Line[]
}

/** So many lines of one section are held against each other line by line; more are told as a whole. */
const MOST = 600

/** The lines of one text that are gone, and those that are new, in order (the longest common row stays). */
export function linesOf(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const one = before.slice(head, before.length - tail)
  const two = after.slice(head, after.length - tail)
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ sign: 'same', text }))
  return [...same(before.slice(0, head)), ...between(one, two), ...same(before.slice(before.length - tail))]
}

function between(one: readonly string[], two: readonly string[]): readonly Line[] {
  const gone = (text: string): Line => ({ sign: 'gone', text })
  const fresh = (text: string): Line => ({ sign: 'new', text })
  if (one.length > MOST || two.length > MOST) return [...one.map(gone), ...two.map(fresh)]
  // length of the longest common row of what is left of both
  const width = two.length + 1
  const table = new Uint16Array((one.length + 1) * width)
  const at = (row: number, column: number): number => table[row * width + column] ?? 0
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = two.length - 1; column >= 0; column -= 1) {
      table[row * width + column] = one[row] === two[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const found: Line[] = []
  let row = 0
  let column = 0
  while (row < one.length || column < two.length) {
    const left = one[row]
    const right = two[column]
    if (left !== undefined && left === right) {
      found.push({ sign: 'same', text: left })
      row += 1
      column += 1
    } else if (left !== undefined && (right === undefined || at(row + 1, column) >= at(row, column + 1))) {
      found.push(gone(left))
      row += 1
    } else if (right !== undefined) {
      found.push(fresh(right))
      column += 1
    }
  }
  return found
}

/** A section as lines: its words, the rows of its table, its pictures. */
export function written(section: MinutesSection | undefined): readonly string[] {
  if (section === undefined) return []
  const rows = section.table?.rows.map((row) => row.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')) ?? []
  const pictures = section.pictures?.map((one) => `▣ ${one.caption} ${codeOf(one.at_ms)}`) ?? []
  return [...(section.text === '' ? [] : section.text.split('\n')), ...rows, ...pictures]
}

/** The sections that differ, in the order of the later text; `head` stands for title and head. */
export function differences(before: MinutesText, after: MinutesText): readonly Difference[] {
  const heads = (text: MinutesText): readonly string[] => [text.title, ...text.head.map((fact) => `${fact.label}：${fact.value}`)]
  const found: Difference[] = [{ id: 'head', title: after.title, lines: linesOf(heads(before), heads(after)) }]
  const earlier = new Map(before.sections.map((section) => [section.id, section]))
  for (const section of after.sections) {
    const old = earlier.get(section.id)
    earlier.delete(section.id)
    const title = old !== undefined && old.title !== section.title ? `${old.title} → ${section.title}` : section.title
    const lines = linesOf(written(old), written(section))
    if (old === undefined || title !== section.title || lines.some((line) => line.sign !== 'same')) found.push({ id: section.id, title, lines })
  }
  for (const section of earlier.values()) found.push({ id: section.id, title: section.title, lines: linesOf(written(section), []) })
  return found.filter((one) => one.id !== 'head' || one.lines.some((line) => line.sign !== 'same'))
}

const alike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

export interface Merged {
  readonly text: MinutesText
  /** Ids of sections that both wrote on; `head` for title and head. In the text stand one's own. */
  readonly both: readonly string[]
}

/** What one wrote and what another saved meanwhile, put together: what only one of them changed is his. */
export function merge(base: MinutesText, mine: MinutesText, theirs: MinutesText): Merged {
  const both: string[] = []
  const pick = <T>(id: string, was: T, own: T, other: T): T => {
    if (alike(own, other) || alike(was, other)) return own
    if (alike(was, own)) return other
    both.push(id)
    return own
  }
  const of = (text: MinutesText): Map<string, MinutesSection> => new Map(text.sections.map((section) => [section.id, section]))
  const [was, own, other] = [of(base), of(mine), of(theirs)]
  // whose order: mine, with what the other added behind what it stood behind
  const order = mine.sections.map((section) => section.id)
  theirs.sections.forEach((section, place) => {
    if (order.includes(section.id)) return
    const before = theirs.sections[place - 1]?.id
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, section.id)
  })
  const sections = order.flatMap((id) => {
    const found = pick(id, was.get(id), own.get(id), other.get(id))
    return found === undefined ? [] : [found]
  })
  const [head, title] = pick('head', [base.head, base.title] as const, [mine.head, mine.title] as const, [theirs.head, theirs.title] as const)
  // of all sections gone one stays: minutes without any cannot be kept
  return { text: { ...mine, title, head, sections: sections.length > 0 ? sections : mine.sections }, both }
}
