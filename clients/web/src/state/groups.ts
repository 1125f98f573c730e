/** The groups of centers that one may choose from, and which centers they mean. */
import { readGroups } from '@/protocol/groupsApi'
import type { Center, Group, Level, Reach } from '@/protocol/types'

import { keptList, type KeptList } from './keptList'
import type { Live } from './live'

/** Lives as long as the calling scope. */
export function useGroups(live: Pick<Live, 'socket'>, read: () => Promise<readonly Group[]> = () => readGroups()): KeptList<Group> {
  return keptList(live, 'group', read)
}

const STEPS: readonly Level[] = ['city', 'county', 'township', 'village']

/** The centers that a reach means now, among these (parents first); as the hub's `reached` has it. */
export function reached(reach: Reach, centers: readonly Center[]): string[] {
  const below = new Set([reach.center])
  return centers.flatMap(({ code, parent, level }) => {
    if (parent !== null && below.has(parent)) below.add(code)
    if (!below.has(code)) return []
    const meant = reach.only === true ? level === reach.to : code === reach.center || STEPS.indexOf(level) <= STEPS.indexOf(reach.to)
    return meant ? [code] : []
  })
}

/** The centers that a group means now, among these (parents first), the first of which is one's own. */
export function membersOf(group: Pick<Group, 'centers' | 'reaches'>, centers: readonly Center[]): string[] {
  const own = centers[0]?.code
  const meant = new Set([...group.centers, ...group.reaches.flatMap((reach) => reached(reach, centers))])
  return centers.map(({ code }) => code).filter((code) => code !== own && meant.has(code))
}
