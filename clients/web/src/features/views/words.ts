/** The words of the pages of views, fetched with them; cells in words. */
import { useI18n } from 'vue-i18n'

import { dateTimeText } from '@/parts/now'
import type { AnswerField, ViewRow } from '@/protocol/types'

import en from './page.en'
import zh from './page.zh'

export type Cell = ViewRow['cells'][number]
export type Say = (key: string, values?: Record<string, string | number>) => string

/** `t` for the own words; words of all pages come by the global `useI18n`. */
export function useViewWords() {
  return useI18n({ useScope: 'local', messages: { 'zh-CN': zh, en } })
}

const ANSWER = 'answer.'
const ANSWERED = 'answered.'
/** Columns of which a cell is a code, and the words that it is said in. */
const CODES: Readonly<Record<string, string>> = { kind: 'kind', relation: 'relation', sex: 'sex', residence: 'residence', outcome: 'outcome', last_outcome: 'outcome', flags: 'flag', last_flags: 'flag', offline: 'yes', late: 'yes' }
const MOMENTS: ReadonlySet<string> = new Set(['at', 'last_at'])
const DAY_MS = 86_400_000

/** What stands above a column. */
export function columnName(column: string, answers: ReadonlyMap<string, AnswerField>, t: Say): string {
  if (column.startsWith(ANSWERED)) return t('answered', { label: labelOf(column.slice(ANSWERED.length), answers) })
  return column.startsWith(ANSWER) ? labelOf(column.slice(ANSWER.length), answers) : t(`column.${column}`)
}

export function labelOf(key: string, answers: ReadonlyMap<string, AnswerField>): string {
  return answers.get(key)?.label ?? key
}

/** How long ago, in whole days. */
export function ageText(at: string, now: number, t: Say): string {
  const days = Math.floor((now - Date.parse(at)) / DAY_MS)
  return days <= 0 ? t('age.today') : t('age.days', { days })
}

/** A cell in words; moments with their age. */
export function cellText(column: string, cell: Cell, answers: ReadonlyMap<string, AnswerField>, now: number, t: Say): string {
  if (cell === null || cell === '') return ''
  if (Array.isArray(cell)) return cell.map((each) => wordOf(column, each, answers, t)).join('、')
  if (MOMENTS.has(column) || column.startsWith(ANSWERED)) return t('age.at', { at: dateTimeText(String(cell)).slice(5, 16), age: ageText(String(cell), now, t) })
  return wordOf(column, String(cell), answers, t)
}

/** One word of a cell, or of a group of sums. */
export function wordOf(column: string, value: string, answers: ReadonlyMap<string, AnswerField>, t: Say): string {
  if (column.startsWith(ANSWER)) {
    const field = answers.get(column.slice(ANSWER.length))
    const said = field?.words[value] ?? value
    return field?.kind === 'number' && field.unit !== '' && value !== '•••' ? `${said} ${field.unit}` : said
  }
  const codes = CODES[column]
  return codes === undefined || value === '' ? value : t(`code.${codes}.${value}`)
}
