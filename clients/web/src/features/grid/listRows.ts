/** Rows of lists that lie with one's grids, as this phone knows them: what the hub told, and what was said here since. Pure. */
import type { BroughtResult, GridWork, KeptColumn, WorkListRow } from '@/protocol/types'

import type { Item, Wanted } from './queue'
import type { Card, Work } from './work'

export type RowOutcome = BroughtResult['outcome']
export type Trouble = NonNullable<BroughtResult['trouble']>
export const TROUBLES = ['unreached', 'refuses', 'ill', 'danger', 'wrong', 'other'] as const satisfies readonly Trouble[]
export const REPORT = 'clearing.report'

/** A list that has rows here. */
export interface ListHere {
  readonly clearing: string
  readonly title: string
  readonly note: string
  readonly due: string | null
  /** When its rows go, from here, too. */
  readonly delete_at: string
  readonly columns: readonly KeptColumn[]
}
export type ListRow = Pick<WorkListRow, 'clearing' | 'row' | 'grid' | 'household' | 'who' | 'phone' | 'where' | 'values' | 'outcome' | 'trouble' | 'text'>

/** One row to be checked. `outcome`, `trouble`: as far as this phone knows. */
export interface Check extends ListRow {
  /** Its lane in the queue. */
  readonly key: string
  readonly list: ListHere
  readonly card: Card | undefined
  /** What this phone has said of it and the hub has not heard. */
  readonly pending: Item | undefined
  readonly late: boolean
  /** 0 refused, 1 due today or late, 2 to be checked, 4 done; what can still be taken back stays where it was. */
  readonly rank: number
}

/** Lists of which rows lie here, once each, and their rows. */
export function listsOf({ lists, list_rows }: Pick<GridWork, 'lists' | 'list_rows'>): { lists: readonly ListHere[]; listRows: readonly ListRow[] } {
  const here = new Map<string, ListHere>()
  for (const { clearing, title, note, due, delete_at, columns } of lists) if (columns.length > 0) here.set(clearing, { clearing, title, note, due, delete_at, columns })
  const rows = list_rows.filter(({ clearing }) => here.has(clearing))
  return {
    lists: [...here.values()],
    listRows: rows.map(({ clearing, row, grid, household, who, phone, where, values, outcome, trouble, text }) => ({ clearing, row, grid, household, who, phone, where, values, outcome, trouble, text })),
  }
}

/**
 * The day without the rows of lists whose time is over, by the hub's clock as far as the phone knows it; the same day where there are
 * none. It has no mark any more, so that the hub tells it whole.
 */
export function withoutGone(work: Work, now: number): Work {
  const ahead = work.heard === undefined ? 0 : Date.parse(work.at) - work.heard
  const lists = work.lists.filter(({ delete_at }) => Date.parse(delete_at) > now + ahead)
  if (lists.length === work.lists.length) return work
  const stays = new Set(lists.map(({ clearing }) => clearing))
  return { ...work, tag: undefined, lists, listRows: work.listRows.filter(({ clearing }) => stays.has(clearing)) }
}

export function laneOf({ clearing, row }: Pick<ListRow, 'clearing' | 'row'>): string {
  return `${clearing} ${String(row)}`
}

interface Said {
  readonly does?: string
  readonly outcome?: RowOutcome
  readonly trouble?: Trouble | null
}

/** All rows, in the order in which the hub told them. */
export function checksOf(work: Work, items: readonly Item[], now: number): Check[] {
  const last = new Map<string, Item>()
  for (const item of items) {
    // what was sent counts until the hub's own answer knows of it
    if ((item.mark as Said).does === 'check' && !(item.state === 'sent' && (item.seq ?? 0) <= work.seq)) last.set(item.lane, item)
  }
  const lists = new Map(work.lists.map((list) => [list.clearing, list]))
  const cards = new Map(work.cards.map((card) => [card.household, card]))
  return work.listRows.flatMap((row): Check[] => {
    const list = lists.get(row.clearing)
    if (list === undefined) return []
    const key = laneOf(row)
    const item = last.get(key)
    const { outcome = row.outcome, trouble = null } = item === undefined || item.state === 'refused' ? { trouble: row.trouble } : (item.mark as Said)
    const left = outcome === null || item?.state === 'held'
    const soon = list.due !== null && (Date.parse(list.due) < now || new Date(list.due).toDateString() === new Date(now).toDateString())
    return [{
      ...row, key, list, outcome, trouble,
      card: row.household === null ? undefined : cards.get(row.household),
      pending: item?.state === 'sent' ? undefined : item,
      late: outcome === null && list.due !== null && Date.parse(list.due) < now,
      rank: item?.state === 'refused' ? 0 : !left ? 4 : soon ? 1 : 2,
    }]
  })
}

/** What came of a row; `text` is personal as the row is, and gone from here once it was sent. */
export interface Result {
  readonly outcome: RowOutcome
  readonly trouble?: Trouble | null
  readonly to?: string | null
  readonly text?: string
}

export function checkWanted({ clearing, row }: Pick<ListRow, 'clearing' | 'row'>, { outcome, trouble = null, to = null, text = '' }: Result, title: string, holdMs?: number): Wanted {
  return {
    kind: REPORT,
    lane: laneOf({ clearing, row }),
    title,
    data: { clearing, row, outcome, trouble, to, text },
    mark: { does: 'check', clearing, row, outcome, trouble },
    goesWith: 'clearing',
    ...(holdMs !== undefined && { holdMs }),
  }
}
