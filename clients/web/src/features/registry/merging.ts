/** Two households that are the same, while they are put together: who is whom, and what of either is kept. Pure. */
import type { HouseholdSeen, PersonFound, PersonSeen } from '@/protocol/types'

/** What is told of a person and may be another in the other household. */
export const FIELDS = ['name', 'number', 'phone', 'birth', 'sex', 'relation', 'residence', 'note'] as const
export type Field = (typeof FIELDS)[number]
/** Their person -> ours who is the same; empty: nobody. */
export type Same = Readonly<Record<string, string>>
/** Their person -> fields that are taken of theirs. */
export type Taken = Readonly<Record<string, readonly Field[]>>

/** A household that may be the same, and by what. */
export interface Twin {
  household: HouseholdSeen
  score: number
  why: PersonFound['why']
}

export const living = (one: HouseholdSeen): PersonSeen[] => one.persons.filter((each) => each.left_at === null)

/** Those found for several persons, each household once, the most alike first; without `own` and those that are no more. */
export function twinsOf(found: readonly PersonFound[], own: string): Twin[] {
  const twins = new Map<string, Twin>()
  for (const { household, score, why } of found) {
    if (household.household === own || household.state !== 'here') continue
    const known = twins.get(household.household)
    twins.set(household.household, { household, score: Math.max(score, known?.score ?? 0), why: [...new Set([...(known?.why ?? []), ...why])] })
  }
  return [...twins.values()].sort((a, b) => b.score - a.score)
}

/** Who seems to be whom: by number, else by name. A guess that a person sees and may take back; of what is covered there is none. */
export function guessed(here: HouseholdSeen, other: HouseholdSeen): Same {
  const free = new Set(living(here))
  const same: Record<string, string> = {}
  for (const theirs of living(other)) {
    const match = (by: 'number' | 'name'): PersonSeen | undefined => (here.masked || other.masked || theirs[by] === '' ? undefined : [...free].find((mine) => mine[by] === theirs[by]))
    const mine = match('number') ?? match('name')
    same[theirs.person] = mine?.person ?? ''
    if (mine !== undefined) free.delete(mine)
  }
  return same
}

/** What both say, and not the same: somebody decides. What only one says is kept anyway. */
export function differing(mine: PersonSeen, theirs: PersonSeen): Field[] {
  return FIELDS.filter((name) => mine[name] !== '' && theirs[name] !== '' && mine[name] !== theirs[name])
}

/** As the hub is told. */
export function pairsOf(same: Same, taken: Taken): { person: string; other: string; take: Field[] }[] {
  return Object.entries(same).filter(([, mine]) => mine !== '').map(([theirs, mine]) => ({ person: mine, other: theirs, take: [...(taken[theirs] ?? [])] }))
}

/** How many live there once they are one. */
export function together(here: HouseholdSeen, other: HouseholdSeen, same: Same): number {
  return living(here).length + living(other).filter((each) => (same[each.person] ?? '') === '').length
}
