/** Whom a meeting is to call, as it is filled in: by words, and one by one. Pure. */
import type { Center, Group, Reach } from '@/protocol/types'
import { reached } from '@/state/groups'

export interface Chosen {
  readonly centers: readonly string[]
  readonly reaches: readonly Reach[]
}

export const NOBODY: Chosen = { centers: [], reaches: [] }

const same = (one: Reach, other: Reach): boolean => one.center === other.center && one.to === other.to && (one.only ?? false) === (other.only ?? false)

/** All that are meant now, among these (parents first). */
export function meantBy(chosen: Chosen, centers: readonly Center[]): Set<string> {
  return new Set([...chosen.centers, ...chosen.reaches.flatMap((reach) => reached(reach, centers))])
}

export function withReach(chosen: Chosen, reach: Reach): Chosen {
  return chosen.reaches.some((one) => same(one, reach)) ? chosen : { ...chosen, reaches: [...chosen.reaches, reach] }
}

export function withoutReach(chosen: Chosen, reach: Reach): Chosen {
  return { ...chosen, reaches: chosen.reaches.filter((one) => !same(one, reach)) }
}

export function withCenters(chosen: Chosen, codes: readonly string[]): Chosen {
  return { ...chosen, centers: [...new Set([...chosen.centers, ...codes])] }
}

/** Without these: a word that means one of them becomes the others that it means, one by one. */
export function without(chosen: Chosen, codes: readonly string[], centers: readonly Center[]): Chosen {
  const out = new Set(codes)
  const kept: Reach[] = []
  const named = new Set(chosen.centers)
  for (const reach of chosen.reaches) {
    const meant = reached(reach, centers)
    if (meant.some((code) => out.has(code))) for (const code of meant) named.add(code)
    else kept.push(reach)
  }
  return { centers: [...named].filter((code) => !out.has(code)), reaches: kept }
}

/** A saved group as well. */
export function withGroup(chosen: Chosen, group: Pick<Group, 'centers' | 'reaches'>): Chosen {
  return group.reaches.reduce(withReach, withCenters(chosen, group.centers))
}
