/** The arrival board: called centers by the one right below oneself, and who came late. Pure. */
import { type Called, type Count, countOf, isArrived, RINGING_MS, type StateWord } from '@/parts/attendance'
import { compare } from '@/state/documents'

/** A county with all that is called of it. */
export interface Group {
  readonly name: string
  readonly count: Count
  /** How many are not there, by the word of their state; the worst first. */
  readonly states: readonly { readonly word: StateWord; readonly count: number }[]
  /** Those who are not there, in calling order within a state. */
  readonly missing: readonly Called[]
}

/** What wants somebody to act stands first. */
const WORST: readonly StateWord[] = ['declined', 'noAnswer', 'offline', 'left', 'removed', 'waiting', 'calling']
const rank = (word: StateWord): number => WORST.indexOf(word)

/** In calling order: a group keeps its place whatever happens in it. */
export function groupsOf(called: readonly Called[], groupOf: (code: string) => string): Group[] {
  const byName = new Map<string, Called[]>()
  for (const one of called) {
    const name = groupOf(one.code)
    const list = byName.get(name) ?? []
    byName.set(name, list)
    list.push(one)
  }
  return [...byName].map(([name, all]) => {
    const missing = all.filter((one) => !isArrived(one.state)).sort((a, b) => rank(a.state) - rank(b.state))
    const states = WORST.map((word) => ({ word, count: missing.filter((one) => one.state === word).length })).filter((one) => one.count > 0)
    return { name, count: countOf(all), states, missing }
  })
}

export interface Late {
  readonly code: string
  /** When the first of the center came, ISO 8601. */
  readonly at: string
  /** ms after the call. */
  readonly after: number
}

/** Those who came when their call counted as unanswered already, the last one first. Who was there before a further call is not late for it. */
export function lateOf(called: readonly Called[]): Late[] {
  return called
    .flatMap((one) => {
      const at = one.people.map((person) => person.joined_at).sort(compare)[0]
      const after = at === undefined ? 0 : Date.parse(at) - Date.parse(one.calledAt)
      return at !== undefined && after > RINGING_MS ? [{ code: one.code, at, after }] : []
    })
    .sort((a, b) => compare(b.at, a.at))
}
