/** A file for the registry on its way in: what its columns are, what was decided by hand, and what is still missing. */
import type { RegistryColumnRole, RegistryListAsked, RegistryMatch } from '@/protocol/types'

export const ROLES = ['grid', 'building', 'house', 'household', 'relation', 'name', 'number', 'phone', 'birth', 'sex', 'residence', 'kind', 'note', 'out'] as const satisfies readonly RegistryColumnRole[]
/** Columns that may stand more than once. */
const OFTEN: ReadonlySet<RegistryColumnRole> = new Set<RegistryColumnRole>(['grid', 'building', 'house', 'out'])

export type Problem = 'columns' | 'nothing' | 'unsure' | 'known'

/** Whether the columns are such as the hub takes: a grid, a building, nothing else twice. */
export function columnsFit(roles: readonly RegistryColumnRole[]): boolean {
  const single = roles.filter((role) => !OFTEN.has(role))
  return roles.includes('grid') && roles.includes('building') && new Set(single).size === single.length
}

/** What keeps the file from being loaded; undefined: nothing that is known. */
export function problemOf(roles: readonly RegistryColumnRole[], match: RegistryMatch | undefined, leaveOut: boolean): Problem | undefined {
  if (!columnsFit(roles)) return 'columns'
  if (match === undefined) return undefined
  if (match.unsure_rows > 0 && !leaveOut) return 'unsure'
  if (match.grids.length === 0) return 'nothing'
  return match.persons > 0 && match.persons === match.known ? 'known' : undefined
}

/** What the hub is asked. */
export function askedOf(roles: readonly RegistryColumnRole[], decided: ReadonlyMap<string, string | null>): RegistryListAsked {
  return { columns: [...roles], mends: [...decided].map(([text, grid]) => ({ text, grid })), grid: null }
}
