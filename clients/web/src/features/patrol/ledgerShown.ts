/** By what the ledgers of patrols are narrowed. */
import type { PatrolState } from '@/protocol/types'

export const STATES = ['open', 'done', 'missed', 'unfinished', 'withdrawn'] as const satisfies readonly (PatrolState | 'open')[]
/** What becomes of a finding. */
export const MADE = ['order', 'incident', 'report'] as const
