/** The list of a roll call as people see it: by place, with what is not in order in front of the rest where that is asked. */
import type { RollCallRow } from '@/protocol/types'

export interface Listed extends RollCallRow {
  readonly code: string
}

export function listed(rows: ReadonlyMap<string, RollCallRow>): Listed[] {
  return [...rows].map(([code, row]) => ({ ...row, code })).sort((a, b) => a.place - b.place)
}

/** What somebody has to look into: no answer, or something is the matter. */
export function needsALook(row: RollCallRow): boolean {
  return row.state === 'unanswered' || row.state === 'uncalled' || row.situation === 'abnormal'
}

/** The mark of a row: one of those of StateMark. */
export function markOf(row: RollCallRow): string {
  if (row.situation === 'abnormal') return 'abnormal'
  if (row.state === 'answered') return 'normal'
  if (row.state === 'called') return 'calling'
  if (row.state === 'skipped') return 'removed'
  return row.state === 'waiting' ? 'left' : 'noAnswer'
}
