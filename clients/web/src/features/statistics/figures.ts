/** What of statistics is shown: its figures by name, how each is read, and the order of a league. Pure. */
import type { StatisticsPart, StatisticsRow, StatisticsSeries } from '@/protocol/types'

export const FIGURES = ['meetings', 'consultations', 'attendance', 'minutes', 'spoken', 'reports', 'handled', 'appeals', 'rows', 'on_time', 'answered', 'patrolled', 'findings'] as const
export type FigureName = (typeof FIGURES)[number]

export interface Figure {
  /** What it goes by; null: there is nothing to make it of. */
  readonly value: number | null
  /** In percent. */
  readonly rate: boolean
  /** Of how many, and how many of them. */
  readonly part?: number
  readonly whole?: number
}

export function figureOf({ figures, rates }: StatisticsPart, name: FigureName): Figure {
  switch (name) {
    case 'attendance':
      return { value: rates.attendance, rate: true, part: figures.attended, whole: figures.called }
    case 'on_time':
      return { value: rates.on_time, rate: true, part: figures.on_time, whole: figures.on_time + figures.late }
    case 'answered':
      return { value: rates.answered, rate: true, part: figures.answered, whole: figures.asked }
    case 'patrolled':
      return { value: rates.patrolled, rate: true, part: figures.patrolled, whole: figures.patrols }
    case 'findings':
      return { value: figures.findings, rate: false, part: figures.stops_seen, whole: figures.stops }
    case 'handled':
      return { value: figures.incidents, rate: false, part: figures.incidents_closed, whole: figures.incidents }
    case 'appeals':
      return { value: figures.appeals, rate: false, part: figures.appeals_closed, whole: figures.appeals }
    case 'rows':
      return { value: figures.rows, rate: false, part: figures.cleared, whole: figures.rows }
    case 'reports':
      return { value: figures.reports, rate: false, part: figures.abnormal, whole: figures.reports }
    default:
      return { value: figures[name], rate: false }
  }
}

export interface Ranked {
  readonly row: StatisticsRow
  /** From 1; the same for the same value; undefined for what is not compared. */
  readonly rank: number | undefined
  readonly figure: Figure
}

/** The most first. Who has nothing to be compared by, and the center above all others by itself, stand behind, without a rank. */
export function league(rows: readonly StatisticsRow[], name: FigureName): Ranked[] {
  const all = rows.map((row) => ({ row, figure: figureOf(row, name) }))
  const inIt = all.filter(({ row, figure }) => !row.own && figure.value !== null).sort((a, b) => (b.figure.value ?? 0) - (a.figure.value ?? 0))
  const ranked = inIt.map((one): Ranked => ({ ...one, rank: inIt.findIndex(({ figure }) => figure.value === one.figure.value) + 1 }))
  return [...ranked, ...all.filter((one) => !inIt.includes(one)).map((one) => ({ ...one, rank: undefined }))]
}

/** How strongly a tile is filled, 0 to 1: of the largest value, rates of a hundred. */
export function strength(rows: readonly StatisticsRow[], figure: Figure, name: FigureName): number {
  if (figure.value === null) return 0
  const most = figure.rate ? 100 : Math.max(1, ...rows.map((row) => figureOf(row, name).value ?? 0))
  return figure.value / most
}

export const SERIES = ['meetings', 'consultations', 'reports', 'incidents', 'appeals'] as const satisfies readonly (keyof StatisticsSeries)[]
export type SeriesName = (typeof SERIES)[number]

/** Which series shows how a figure came about over time. */
export function seriesOf(name: FigureName): SeriesName {
  return name === 'handled' ? 'incidents' : (SERIES.find((one) => one === name) ?? 'reports')
}

/** A round number not below the largest value, for the top of a chart. */
export function topOf(values: readonly number[]): number {
  const most = Math.max(1, ...values)
  const power = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most
}
