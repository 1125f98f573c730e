/** Whom a control of a meeting is for: all it calls, a level, a subtree, those somebody chose, a saved group. Pure. */
import type { Center, Group, Level, Reach } from '@/protocol/types'
import { membersOf, reached } from '@/state/groups'

export interface Whom {
  readonly centers: readonly string[]
  readonly reaches: readonly Reach[]
}

/** No centers and no reaches: all that are called. */
export const ALL: Whom = { centers: [], reaches: [] }

export interface WhomOption {
  readonly id: string
  /** Message key below this folder's words, and the words that go into it. */
  readonly says: string
  readonly words: Readonly<Record<string, string>>
  readonly whom: Whom
  /** Codes of the called centers that are meant now. */
  readonly meant: readonly string[]
}

export interface Surroundings {
  /** One's own center and all below it, parents first. */
  readonly all: readonly Center[]
  /** Codes of the called centers that can be meant. */
  readonly called: readonly string[]
  /** Sets that the page knows: who is selected, who has arrived, who is ticked. */
  readonly sets: readonly { readonly id: string; readonly centers: readonly { readonly code: string; readonly name: string }[] }[]
  readonly groups: readonly Group[]
}

const LEVELS: readonly Level[] = ['county', 'township', 'village']

/** What can be chosen, the widest first; what means nobody is left out, but for all. */
export function whomOptions({ all, called, sets, groups }: Surroundings): readonly WhomOption[] {
  const known = new Set(called)
  const own = all[0]
  const made: WhomOption[] = [{ id: 'all', says: 'all', words: {}, whom: ALL, meant: called }]
  const add = (id: string, says: string, words: Readonly<Record<string, string>>, whom: Whom, codes: readonly string[]): void => {
    const meant = codes.filter((code) => known.has(code))
    if (meant.length > 0) made.push({ id, says, words, whom, meant })
  }
  if (own !== undefined) {
    for (const to of LEVELS.filter((level) => level !== own.level)) {
      const reach: Reach = { center: own.code, to, only: true }
      add(`level:${to}`, `level.${to}`, {}, { centers: [], reaches: [reach] }, reached(reach, all))
    }
  }
  for (const { id, centers } of sets) {
    const codes = centers.map((one) => one.code)
    const [first] = centers
    add(id, first !== undefined && centers.length === 1 ? `one.${id}` : `set.${id}`, { name: first?.name ?? '' }, { centers: codes.filter((code) => known.has(code)), reaches: [] }, codes)
    if (id !== 'selected' || first === undefined) continue
    const below: Reach = { center: first.code, to: 'village' }
    const codesBelow = reached(below, all)
    if (codesBelow.length > 1) add('below', 'below', { name: first.name }, { centers: [], reaches: [below] }, codesBelow)
  }
  for (const group of groups) {
    // the hub knows centers of a group that this meeting does not call by no name here: only the called ones are named
    add(`group:${group.id}`, 'group', { name: group.name }, { centers: group.centers.filter((code) => known.has(code)), reaches: group.reaches }, membersOf(group, all))
  }
  return made
}
