/** Levels of centers, codes, and who stands beside whom. Pure. */
import type { CenterIndex } from '@/parts/centers/tree'
import type { Center, Level } from '@/protocol/types'

export const LEVELS: readonly Level[] = ['city', 'county', 'township', 'village']

/** The levels that a center can have below `above`, with these right below itself. */
export function levelsBetween(above: Center | undefined, below: readonly Center[]): Level[] {
  const top = above === undefined ? -1 : LEVELS.indexOf(above.level)
  const bottom = Math.min(LEVELS.length, ...below.map((one) => LEVELS.indexOf(one.level)))
  return LEVELS.filter((_, at) => at > top && at < bottom)
}

/** Digits of a code that say where a center of this level stands. */
const DIGITS: Readonly<Record<Level, number>> = { city: 4, county: 6, township: 9, village: 12 }

/** A free code for a center of this level below `above`: the numbering goes on behind the last neighbour. Empty: none is free. */
export function freeCode(index: CenterIndex, above: Center, level: Level): string {
  const prefix = above.code.slice(0, DIGITS[above.level])
  const width = DIGITS[level] - prefix.length
  const taken = [...index.byCode.keys()].filter((code) => code.startsWith(prefix)).map((code) => Number(code.slice(prefix.length, DIGITS[level])))
  const last = Math.max(0, ...taken)
  const next = last + 1 < 10 ** width ? last + 1 : Array.from({ length: 10 ** width - 1 }, (_, at) => at + 1).find((one) => !taken.includes(one))
  return next === undefined ? '' : `${prefix}${String(next).padStart(width, '0')}`.padEnd(12, '0')
}

/** The neighbour behind which a center goes with a step up (-1) or down (1); undefined at the end. */
export function stepped(index: CenterIndex, center: Center, step: -1 | 1): string | undefined {
  const beside = center.parent === null ? [] : (index.below.get(center.parent) ?? [])
  const at = beside.findIndex((one) => one.code === center.code)
  if (at < 0 || at + step < 0 || at + step >= beside.length) return undefined
  return step === 1 ? beside[at + 1]?.code : (beside[at - 2]?.code ?? 'first')
}
