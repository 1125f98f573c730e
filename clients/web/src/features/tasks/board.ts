/** The board of a round: who has answered, who has not, who was late, by county, township and village. Pure. */
import { type CenterIndex, pathOf } from '@/parts/centers/tree'
import type { TaskReply } from '@/protocol/types'

/** How a center stands in it. */
export type Mark = 'missing' | 'abnormal' | 'late' | 'normal'
export const MARKS: readonly Mark[] = ['missing', 'abnormal', 'late', 'normal']

export interface Sums {
  total: number
  answered: number
  abnormal: number
  late: number
}

/** A line of the board: a center with all below it, or one that was asked. */
export interface BoardRow {
  readonly code: string
  readonly name: string
  readonly depth: number
  /** Numbers of all that are asked at it and below; undefined for one that was asked itself. */
  readonly sums?: Sums
  readonly open?: boolean
  readonly answer?: TaskReply
  readonly mark?: Mark
}

export function markOf(answer: TaskReply | undefined): Mark {
  if (answer === undefined) return 'missing'
  return answer.situation === 'abnormal' ? 'abnormal' : answer.late ? 'late' : 'normal'
}

function add(sums: Sums, answer: TaskReply | undefined): void {
  sums.total += 1
  if (answer === undefined) return
  sums.answered += 1
  if (answer.situation === 'abnormal') sums.abnormal += 1
  if (answer.late) sums.late += 1
}

export function sumsOf(centers: readonly string[], answers: ReadonlyMap<string, TaskReply>): Sums {
  const sums: Sums = { total: 0, answered: 0, abnormal: 0, late: 0 }
  for (const code of centers) add(sums, answers.get(code))
  return sums
}

interface Group {
  readonly code: string
  readonly sums: Sums
  readonly below: Map<string, Group>
  readonly asked: string[]
}
const group = (code: string): Group => ({ code, sums: { total: 0, answered: 0, abnormal: 0, late: 0 }, below: new Map(), asked: [] })

/**
 * The lines to show, those with most missing first. `opened`: centers whose lines are unfolded; while `only` narrows it, all are.
 * The top of the tree is no line of its own.
 */
export function boardRows(index: CenterIndex, centers: readonly string[], answers: ReadonlyMap<string, TaskReply>, opened: ReadonlySet<string>, only?: Mark): BoardRow[] {
  const top = group('')
  for (const code of centers) {
    const answer = answers.get(code)
    let at = top
    for (const { code: above } of pathOf(index, code).slice(1, -1)) {
      let next = at.below.get(above)
      if (next === undefined) at.below.set(above, (next = group(above)))
      add(next.sums, answer)
      at = next
    }
    at.asked.push(code)
  }
  const name = (code: string): string => index.byCode.get(code)?.name ?? code
  const missing = ({ sums }: Group): number => sums.total - sums.answered
  const rows: BoardRow[] = []
  const walk = ({ below, asked }: Group, depth: number): void => {
    const leaves = asked.map((code) => ({ code, answer: answers.get(code), mark: markOf(answers.get(code)) })).filter(({ mark, answer }) => only === undefined || mark === only || (only === 'late' && answer?.late === true))
    for (const leaf of leaves.sort((one, other) => MARKS.indexOf(one.mark) - MARKS.indexOf(other.mark))) {
      rows.push({ code: leaf.code, name: name(leaf.code), depth, mark: leaf.mark, ...(leaf.answer && { answer: leaf.answer }) })
    }
    for (const one of [...below.values()].sort((a, b) => missing(b) - missing(a) || b.sums.abnormal - a.sums.abnormal)) {
      const open = only !== undefined || opened.has(one.code)
      const place = rows.length
      rows.push({ code: one.code, name: name(one.code), depth, sums: one.sums, open })
      if (open) walk(one, depth + 1)
      if (only !== undefined && rows.length === place + 1) rows.pop()
    }
  }
  walk(top, 0)
  return rows
}
