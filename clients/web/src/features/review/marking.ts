/** The kinds of marks, in the order in which they are offered. */
import type { MarkKind } from '@/protocol/types'

export const KINDS: readonly MarkKind[] = ['point', 'quote', 'task', 'doubt']
