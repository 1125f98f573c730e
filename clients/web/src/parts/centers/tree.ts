/** The tree of centers as rows on the page: what is open, found and chosen. Pure. */
import { isMeant, wordsOf } from '@/parts/finding'
import type { Center, CenterPresence } from '@/protocol/types'

export interface CenterIndex {
  readonly root: Center | undefined
  readonly byCode: ReadonlyMap<string, Center>
  readonly below: ReadonlyMap<string, readonly Center[]>
  /** All centers, parents first, children in the directory's order. */
  readonly all: readonly Center[]
}

export interface Row {
  readonly center: Center
  /** 0 for the root */
  readonly depth: number
  readonly open: boolean
  readonly hasChildren: boolean
  /** Whether the row itself matches the search (not only something below it). */
  readonly hit: boolean
}

export function indexCenters(centers: readonly Center[]): CenterIndex {
  const byCode = new Map(centers.map((center) => [center.code, center]))
  const below = new Map<string, Center[]>()
  let root: Center | undefined
  for (const center of centers) {
    if (center.parent !== null && byCode.has(center.parent)) {
      const siblings = below.get(center.parent) ?? []
      below.set(center.parent, siblings)
      siblings.push(center)
    } else root ??= center
  }
  return { root, byCode, below, all: centers }
}

/**
 * The rows to show. While searching, or with `only` certain centers: every hit with the centers above it, all of
 * them open.
 */
export function rowsOf(
  index: CenterIndex,
  opened: ReadonlySet<string>,
  text: string,
  only?: ReadonlySet<string>,
): Row[] {
  const words = wordsOf(text)
  const searching = words.length > 0 || only !== undefined
  const hits = new Set<string>()
  const kept = new Set<string>()
  if (searching) {
    for (const center of index.all) {
      if (only?.has(center.code) === false) continue
      const path = pathOf(index, center.code)
      if (words.length > 0 && !isMeant(path, words)) continue
      hits.add(center.code)
      for (const one of path) kept.add(one.code)
    }
  }
  const rows: Row[] = []
  const walk = (center: Center, depth: number): void => {
    if (searching && !kept.has(center.code)) return
    const children = index.below.get(center.code) ?? []
    const keptBelow = searching && children.some((child) => kept.has(child.code))
    const open = searching ? keptBelow : opened.has(center.code)
    rows.push({ center, depth, open, hasChildren: children.length > 0, hit: hits.has(center.code) })
    if (open) for (const child of children) walk(child, depth + 1)
  }
  if (index.root !== undefined) walk(index.root, 0)
  return rows
}

/** The center and those above it, root first. */
export function pathOf(index: CenterIndex, code: string): Center[] {
  const path: Center[] = []
  for (let at = index.byCode.get(code); at !== undefined; at = at.parent === null ? undefined : index.byCode.get(at.parent)) {
    path.unshift(at)
  }
  return path
}

/** The center and all below it, parents first. */
export function subtreeOf(index: CenterIndex, code: string): string[] {
  const codes: string[] = []
  const walk = (one: string): void => {
    codes.push(one)
    for (const child of index.below.get(one) ?? []) walk(child.code)
  }
  if (index.byCode.has(code)) walk(code)
  return codes
}

/** How many centers below each center (not itself) are not offline. */
export function presentBelow(index: CenterIndex, presence: ReadonlyMap<string, CenterPresence>): Map<string, number> {
  return countBelow(index, presence.keys())
}

/** How many of these centers stand below each center, itself not counted. */
export function countBelow(index: CenterIndex, codes: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const code of codes) {
    for (const above of pathOf(index, code)) {
      if (above.code !== code) counts.set(above.code, (counts.get(above.code) ?? 0) + 1)
    }
  }
  return counts
}

/** How far down a choice reaches: the center alone, or with those below it down to this level. */
export type Reach = 'self' | 'county' | 'township' | 'village'
const DEPTH: Readonly<Record<Center['level'] | 'self', number>> = { self: 0, city: 0, county: 1, township: 2, village: 3 }

/** The reaches that mean something at this center: itself (unless it is one's own), and each level that stands below it. */
export function reaches(index: CenterIndex, code: string): Reach[] {
  const center = index.byCode.get(code)
  if (center === undefined) return []
  const levels = new Set(subtreeOf(index, code).slice(1).map((one) => index.byCode.get(one)?.level))
  const below = (['county', 'township', 'village'] as const).filter((level) => levels.has(level))
  return code === index.root?.code ? below : ['self', ...below]
}

/** The centers that a reach means: one's own center is never called. */
export function reachOf(index: CenterIndex, code: string, reach: Reach): string[] {
  const own = index.root?.code
  if (reach === 'self') return code === own ? [] : [code]
  return subtreeOf(index, code).filter((one) => one !== own && DEPTH[index.byCode.get(one)?.level ?? 'village'] <= DEPTH[reach])
}
