/** What a view asks while it is put together, and what it asks in words. Pure. */
import type { AnswerField, AnswerIs, ViewAsks, ViewFilters, ViewSource, ViewsTold } from '@/protocol/types'

import { columnName, labelOf, type Say } from './words'

export const SOURCES: readonly ViewSource[] = ['households', 'persons', 'visits']
export const MOST_COLUMNS = 24
export const MOST_ANSWERS = 5

/** A view that asks for the usual of its source. */
export function fresh(source: ViewSource): ViewAsks {
  if (source === 'persons') return { source, columns: ['village', 'grid', 'building', 'house', 'name', 'age', 'phone'], filters: {}, order: 'walk', sums: 'village', area: null }
  if (source === 'visits') return { source, columns: ['at', 'village', 'grid', 'building', 'house', 'head', 'outcome'], filters: { visited_days: 7 }, order: 'newest', sums: 'outcome', area: null }
  return { source, columns: ['village', 'grid', 'building', 'house', 'head', 'persons', 'last_at'], filters: {}, order: 'walk', sums: 'village', area: null }
}

/** The same asked of another source: what that one does not know is left out. */
export function turned(asks: ViewAsks, source: ViewSource, told: Pick<ViewsTold, 'columns' | 'sums' | 'orders'>): ViewAsks {
  const usual = fresh(source)
  const columns = asks.columns.filter((one) => one.includes('.') || told.columns[source]?.includes(one))
  const filters: ViewFilters = { ...asks.filters }
  if (source === 'visits') delete filters.not_visited_days
  const sums = asks.sums ?? null
  return {
    ...asks,
    source,
    columns: columns.length > 0 ? columns : usual.columns,
    filters,
    order: told.orders[source]?.includes(asks.order ?? 'walk') ? (asks.order ?? 'walk') : (usual.order ?? 'walk'),
    sums: sums === null || sums.includes('.') || told.sums[source]?.includes(sums) ? sums : (usual.sums ?? null),
  }
}

/** A column more or less; the last one stays. */
export function toggled(columns: readonly string[], column: string): string[] {
  if (columns.includes(column)) return columns.length > 1 ? columns.filter((one) => one !== column) : [...columns]
  return columns.length < MOST_COLUMNS ? [...columns, column] : [...columns]
}

/** A column one place earlier (-1) or later (1). */
export function moved(columns: readonly string[], column: string, by: -1 | 1): string[] {
  const at = columns.indexOf(column)
  const to = at + by
  if (at < 0 || to < 0 || to >= columns.length) return [...columns]
  const found = [...columns]
  ;[found[at], found[to]] = [found[to] as string, found[at] as string]
  return found
}

/** The filters without what says nothing. */
export function trimmed(filters: ViewFilters): ViewFilters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))) as ViewFilters
}

/** Whether something is asked for. */
export function given<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}

/** An answer that is wanted, in words: 需要帮助 = 买药就医、照护 */
function answerText(one: AnswerIs, answers: ReadonlyMap<string, AnswerField>, t: Say): string {
  const label = labelOf(one.key, answers)
  if (given(one.least)) return t('is.least', { label, value: one.least / 10, unit: answers.get(one.key)?.unit ?? '' })
  const words = (one.values ?? []).map((value) => answers.get(one.key)?.words[value] ?? value)
  return words.length === 0 ? t('is.any', { label }) : t('is.one', { label, words: words.join('、') })
}

/** What it asks, each condition in words. */
export function conditions(asks: ViewAsks, answers: ReadonlyMap<string, AnswerField>, t: Say): string[] {
  const asked = asks.filters ?? {}
  const listed = (values: readonly string[] | undefined, codes: string): string => (values ?? []).map((each) => t(`code.${codes}.${each}`)).join('、')
  const found: (string | false | undefined)[] = [
    (asked.kinds?.length ?? 0) > 0 && listed(asked.kinds, 'kind'),
    (asked.residence?.length ?? 0) > 0 && listed(asked.residence, 'residence'),
    given(asked.age_from) && given(asked.age_to) ? t('is.ages', { from: asked.age_from, to: asked.age_to }) : given(asked.age_from) ? t('is.older', { from: asked.age_from }) : given(asked.age_to) && t('is.younger', { to: asked.age_to }),
    ...(asked.answers ?? []).map((one) => answerText(one, answers, t)),
    given(asked.fresh_days) && (asked.answers?.length ?? 0) > 0 && t('is.fresh', { days: asked.fresh_days }),
    (asked.flags?.length ?? 0) > 0 && t('is.flags', { words: listed(asked.flags, 'flag') }),
    (asked.outcomes?.length ?? 0) > 0 && t('is.outcomes', { words: listed(asked.outcomes, 'outcome') }),
    given(asked.not_visited_days) && t('is.unseen', { days: asked.not_visited_days }),
    given(asked.visited_days) && t('is.seen', { days: asked.visited_days }),
    (given(asked.first) || given(asked.last)) && t('is.span', { first: asked.first ?? '', last: asked.last ?? '' }),
    given(asked.sweep) && t('is.sweep'),
    (asked.grids?.length ?? 0) > 0 && t('is.grids', { count: asked.grids?.length ?? 0 }),
  ]
  return found.filter((each): each is string => typeof each === 'string' && each !== '')
}

/** What may be summed by: of its source, and answers to a choice. */
export function sumsOf(source: ViewSource, told: Pick<ViewsTold, 'sums' | 'answers'>, t: Say): { value: string; label: string }[] {
  const answers = new Map(told.answers.map((one) => [one.key, one]))
  const plain = (told.sums[source] ?? []).map((value) => ({ value, label: columnName(value, answers, t) }))
  return [...plain, ...told.answers.filter((one) => one.kind === 'choice').map((one) => ({ value: `answer.${one.key}`, label: one.label }))]
}
