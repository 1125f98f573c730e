/** A center is found by what is typed, with the same cases as the hub's own search. */
import { describe, expect, it } from 'vitest'

import { isMeant, wordsOf } from '@/parts/finding'

import finding from '../support/finding.json'

type Code = keyof typeof finding.parents
const parents: Record<string, string | null> = finding.parents
const byCode = new Map(finding.centers.map((center) => [center.code as Code, center]))

function pathOf(code: string): (typeof finding.centers)[number][] {
  const center = byCode.get(code as Code)
  const above = parents[code]
  if (center === undefined) return []
  return above === null || above === undefined ? [center] : [...pathOf(above), center]
}

describe('finding a center', () => {
  it.each(finding.cases)('by $typed', ({ typed, found }) => {
    const hits = finding.centers.filter(({ code }) => isMeant(pathOf(code), wordsOf(typed)))
    expect(hits.map((center) => center.name)).toEqual(found)
  })
})
