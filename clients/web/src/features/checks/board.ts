/** The board of a check: every center under the worst that is the matter with it, by county, the worst first. Pure. */
import type { CenterPresence, Check, CheckRow } from '@/protocol/types'
import { type Standing, STANDINGS, standingsOf } from '@/state/capture/verdict'

/** All that is in order, or may still be. */
export const CALM: ReadonlySet<Standing> = new Set(['fine', 'waiting'])
/** Nobody was there to answer. */
const AWAY: ReadonlySet<Standing> = new Set(['offline', 'unanswered'])

export interface BoardRow {
  readonly code: string
  readonly name: string
  /** The worst first. */
  readonly standings: readonly Standing[]
  readonly answer: CheckRow | undefined
}
export interface BoardGroup {
  readonly name: string
  readonly rows: readonly BoardRow[]
  /** How many have told of something that is not in order, and how many have told nothing. */
  readonly troubled: number
  readonly away: number
}
export interface Board {
  readonly counts: readonly { readonly standing: Standing; readonly count: number }[]
  readonly groups: readonly BoardGroup[]
}
/** What stands in a virtual list: the head of a county, or a center. */
export type BoardLine = { readonly group: BoardGroup } | { readonly row: BoardRow }

export interface Names {
  readonly nameOf: (code: string) => string
  /** Names from below one's own center down to it, parted by ›. */
  readonly placeOf: (code: string) => string
}

const RANK = new Map(STANDINGS.map((one, at) => [one, at]))
const rankOf = (row: BoardRow): number => RANK.get(row.standings[0] ?? 'fine') ?? 0

/** Of a center that has not answered: whether it is there, and whether there is still time. */
function missing(presence: CenterPresence | undefined, over: boolean): Standing {
  if (presence === undefined || presence === 'offline') return 'offline'
  return over ? 'unanswered' : 'waiting'
}

export function boardOf(check: Pick<Check, 'centers' | 'rows' | 'ended_at'>, presence: ReadonlyMap<string, CenterPresence>, names: Names): Board {
  const over = check.ended_at !== null
  const counts = new Map<Standing, number>()
  const groups = new Map<string, BoardRow[]>()
  for (const code of check.centers) {
    const answer = check.rows[code]
    const standings = answer === undefined ? [missing(presence.get(code), over)] : standingsOf(answer)
    const row = { code, name: names.nameOf(code), standings, answer }
    const worst = standings[0] ?? 'fine'
    counts.set(worst, (counts.get(worst) ?? 0) + 1)
    const group = (names.placeOf(code).split('›')[0] ?? '').trim() || row.name
    const rows = groups.get(group)
    if (rows === undefined) groups.set(group, [row])
    else rows.push(row)
  }
  return {
    counts: STANDINGS.flatMap((standing) => {
      const count = counts.get(standing)
      return count === undefined ? [] : [{ standing, count }]
    }),
    groups: [...groups]
      .map(([name, rows]) => {
        const worst = rows.map((row) => row.standings[0] ?? 'fine')
        const away = worst.filter((one) => AWAY.has(one)).length
        return {
          name,
          rows: [...rows].sort((one, other) => rankOf(one) - rankOf(other)),
          troubled: worst.filter((one) => !CALM.has(one)).length - away,
          away,
        }
      })
      .sort((one, other) => other.troubled - one.troubled || other.away - one.away),
  }
}

/** The lines of a list; with `only`, those under that word alone. */
export function linesOf(board: Board, only: Standing | null): readonly BoardLine[] {
  return board.groups.flatMap((group) => {
    const rows = only === null ? group.rows : group.rows.filter((row) => row.standings[0] === only)
    return rows.length === 0 ? [] : [{ group }, ...rows.map((row) => ({ row }))]
  })
}
