/** The parts of a hand-over note (ICS form 201), in the order in which they are written and read. */
import type { HandOverNote } from '@/protocol/types'

export const PARTS = ['situation', 'done', 'to_do', 'resources', 'remarks'] as const satisfies readonly (keyof HandOverNote)[]

export type Written = Record<(typeof PARTS)[number], string>

const drafts = new WeakMap<object, Written>()

/** What is being written of a note: kept while a meeting takes its place on the page. `line`: the connection it is written over. */
export function draftOf(line: object, make: (empty: Written) => Written): Written {
  const made = drafts.get(line) ?? make({ situation: '', done: '', to_do: '', resources: '', remarks: '' })
  drafts.set(line, made)
  return made
}
