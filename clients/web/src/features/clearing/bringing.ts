/** A file on its way to become a list: what its columns are, which centers were decided by hand, and what is still missing. */
import type { ColumnRole, ListDraft, ListMatch, MatchAsked, Mend } from '@/protocol/types'

export const ROLES = ['center', 'id', 'personal', 'shown', 'out'] as const satisfies readonly ColumnRole[]
/** Decisions by hand that the hub takes at once. */
const MOST_MENDS = 500

export type Problem = 'center' | 'id' | 'kept' | 'title' | 'unsure' | 'none' | 'many'

/** What is wrong with the columns; undefined: nothing. */
export function columnProblem(roles: readonly ColumnRole[]): Problem | undefined {
  if (!roles.includes('center')) return 'center'
  if (roles.filter((role) => role === 'id').length > 1) return 'id'
  return roles.some((role) => role === 'id' || role === 'personal' || role === 'shown') ? undefined : 'kept'
}

/** What keeps a matched file from being loaded; undefined: nothing. */
export function loadProblem(match: ListMatch, title: string, leaveOut: boolean): Problem | undefined {
  if (match.matched === 0) return 'none'
  if (match.unsure_rows > 0 && !leaveOut) return 'unsure'
  return title.trim() === '' ? 'title' : undefined
}

/** The columns as a person would take them to be: what the hub says, and one identity alone. */
export function guessed(draft: ListDraft): ColumnRole[] {
  let id = false
  return draft.columns.map(({ guess }) => {
    if (guess !== 'id') return guess
    const role = id ? 'personal' : 'id'
    id = true
    return role
  })
}

/** A → 0, B → 1, … as spreadsheets name columns. */
export function letterOf(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : `${letterOf(Math.floor(at / 26) - 1)}${letterOf(at % 26)}`
}

/** What the hub is asked; undefined where there is more decided by hand than it takes. */
export function askedOf(roles: readonly ColumnRole[], decided: ReadonlyMap<string, string | null>): MatchAsked | undefined {
  if (decided.size > MOST_MENDS) return undefined
  const mends: Mend[] = [...decided].map(([text, center]) => ({ text, center }))
  return { columns: [...roles], mends }
}

/** The file's name without its ending, as the name of the list to begin with. */
export function titleOf(name: string): string {
  return name.replace(/\.(csv|xlsx)$/i, '').slice(0, 60)
}
