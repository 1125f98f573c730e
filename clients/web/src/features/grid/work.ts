/** A phone's day: what the hub gives it in one answer, and in which order it is walked. Pure. */
import type { GridWork } from '@/protocol/types'

import { type Errand, errandOf } from './errands'
import { type ListHere, type ListRow, listsOf } from './listRows'
import { keptTask, type OrderTask, orderTaskOf } from './orderTasks'
import type { Item } from './queue'

export type Outcome = 'met' | 'unchanged' | 'phone' | 'absent' | 'refused' | 'gone'
export type Next = 'visit' | 'again' | 'phone' | 'village' | 'none'

export interface CardPerson {
  readonly person: string
  readonly name: string
  readonly relation: string
  readonly birth_year: number | null
  readonly sex: string
  readonly residence: string
  readonly phone: string
}

export interface Known {
  readonly value: string
  readonly at: string
}

export interface Card {
  readonly household: string
  readonly grid: string
  readonly building: string
  readonly place: readonly string[]
  readonly walk: number
  readonly kind: string
  readonly persons: readonly CardPerson[]
  readonly note: string
  readonly seq: number
  readonly last: Readonly<Record<string, Known>>
}

export interface FormOption {
  readonly value: string
  readonly label: string
  readonly flag: string | null
}

export interface FormField {
  readonly key: string
  readonly label: string
  readonly kind: 'choice' | 'number' | 'text' | 'photo'
  readonly options: readonly FormOption[]
  readonly unit: string
  readonly above: number | null
  readonly each_person: boolean
  readonly required: boolean
  readonly fresh_for: number
  readonly only_when: { readonly key: string; readonly values: readonly string[] } | null
}

export interface Sweep {
  readonly sweep: string
  readonly title: string
  readonly due: string | null
  readonly form: readonly FormField[]
}

export interface Row {
  readonly sweep: string
  readonly row: number
  readonly household: string
  readonly outcome: Outcome | null
  readonly tries: number
  readonly next: Next
  /** The newest entry about the row: what is said of it goes with this. */
  readonly base: number
  readonly conflict: boolean
}

/** What was said last of a household outside of sweeps. */
export interface Door {
  readonly household: string
  readonly outcome: Outcome
  readonly base: number
  readonly at: string
  readonly by: string
  readonly conflict: boolean
}

/** What was put right of a visit. */
export interface Fixed {
  readonly seq: number
  readonly outcome: Outcome
  readonly seen: number
  readonly at: string
  readonly reason: string
  readonly answers: Readonly<Record<string, string>> | null
  readonly note: string
}

/** What this phone's owner said today; `base` 0: something newer was said, nothing is put right any more. */
export interface SaidToday {
  readonly seq: number
  readonly sweep: string | null
  readonly row: number | null
  readonly household: string
  readonly outcome: Outcome
  readonly seen: number
  readonly at: string
  readonly offline: boolean
  readonly conflict: boolean
  readonly photos: readonly { readonly object: string }[]
  readonly answers: Readonly<Record<string, string>> | null
  readonly note: string
  readonly corrected: readonly Fixed[]
  readonly base: number
}

/** Who walks a grid that the phone's owner answers for. */
export interface Member {
  readonly grid: string
  readonly account: string
  readonly name: string
  readonly heard: boolean
  readonly visits: number
  readonly reached: number
  readonly last: string | null
}

export interface Work {
  readonly seq: number
  /** By what the hub knows that this is still the day; none in what older pages kept. */
  readonly tag?: string | undefined
  readonly at: string
  /** When it came, by the phone's clock (ms since 1970); `at` is the hub's. */
  readonly heard?: number | undefined
  readonly grids: readonly GridHere[]
  readonly cards: readonly Card[]
  readonly sweeps: readonly Sweep[]
  readonly rows: readonly Row[]
  readonly errands: readonly Errand[]
  readonly tasks: readonly OrderTask[]
  readonly lists: readonly ListHere[]
  readonly listRows: readonly ListRow[]
  readonly doors: readonly Door[]
  readonly said: readonly SaidToday[]
  readonly team: readonly Member[]
}

export interface GridHere {
  readonly grid: string
  readonly name: string
  readonly village: string
  readonly village_name: string
  /** Whether the phone's owner answers for it. */
  readonly leads: boolean
  /** Who walks it, whoever leads it first. */
  readonly people: readonly { readonly account: string; readonly name: string }[]
}

/** What the hub told, with what it may leave out. */
export function workOf({ seq, at, grids, cards, sweeps, rows, errands, tasks, lists, list_rows, doors, said, team }: GridWork): Work {
  return {
    ...listsOf({ lists, list_rows }),
    seq,
    at,
    grids,
    rows,
    errands: errands.map(errandOf),
    tasks: tasks.map(orderTaskOf),
    doors,
    said,
    team,
    cards: cards.map(({ last = {}, note = '', persons, ...card }) => ({
      ...card,
      note,
      persons: persons.map((person) => ({ birth_year: null, sex: '', phone: '', ...person })),
      last: Object.fromEntries(Object.entries(last).map(([key, known]) => [key, { value: String(known.value), at: known.at }])),
    })),
    sweeps: sweeps.map((sweep) => ({
      ...sweep,
      form: sweep.form.map(({ options = [], ...field }) => ({
        unit: '',
        above: null,
        each_person: false,
        required: false,
        fresh_for: 0,
        only_when: null,
        ...field,
        options: options.map((option) => ({ flag: null, ...option })),
      })),
    })),
  }
}

/** What an older page kept lacks what came since. */
export function keptWork(work: Work): Work {
  const old = work as Partial<Work>
  return { ...work, errands: old.errands ?? [], tasks: (old.tasks ?? []).map(keptTask), lists: old.lists ?? [], listRows: old.listRows ?? [], grids: work.grids.map((grid) => ({ ...grid, people: (grid as Partial<GridHere>).people ?? [] })) }
}

/** Who answers for a household, to be called it by. */
export function headOf(card: Card): string | undefined {
  return (card.persons.find(({ relation }) => relation === 'head') ?? card.persons[0])?.name
}

/** One thing of the day. A household that is asked by several sweeps is one: it is walked to once. */
export interface Stop {
  readonly key: string
  readonly card: Card
  readonly rows: readonly Row[]
  /** What is still to be done here, as far as this phone knows: `done`, or why one comes. */
  readonly next: Next | 'done'
  /** What this phone has said of it and the hub has not heard. */
  readonly pending: Item | undefined
  /** Its place among the others: refused, to visit, again, done. What can still be taken back stays where it was. */
  readonly rank: number
}

/** Rows of the day in walking order, those that are done at the end; `items` are what this phone has to send. */
export function stopsOf(work: Work, items: readonly Item[]): Stop[] {
  const rows = byHousehold(work.rows)
  const pending = pendingOf(items)
  const stops = work.cards
    .filter((card) => rows.has(card.household))
    .map((card): Stop => {
      const mine = rows.get(card.household) ?? []
      const waiting = pending.get(card.household)
      const open = mine.find((row) => row.next !== 'none' && row.next !== 'village')
      const said = waiting?.state === 'refused' ? undefined : (waiting?.data['outcome'] as Outcome | undefined)
      const next = said !== undefined && said !== 'absent' ? 'done' : open === undefined ? 'done' : said === 'absent' ? 'again' : open.next
      const shown = waiting?.state === 'held' ? (open?.next ?? 'done') : next
      return { key: card.household, card, rows: mine, next, pending: waiting, rank: waiting?.state === 'refused' ? 0 : rankOf(shown) }
    })
  return stops.sort((a, b) => a.rank - b.rank || inOrder(a.card, b.card))
}

/** A household that no sweep asks for: it may be visited all the same. Undefined where it is none of one's own. */
export function doorOf(work: Work, items: readonly Item[], household: string): Stop | undefined {
  const card = work.cards.find((one) => one.household === household)
  if (card === undefined) return undefined
  const waiting = pendingOf(items).get(household)
  return { key: household, card, rows: [], next: 'visit', pending: waiting, rank: waiting?.state === 'refused' ? 0 : 1 }
}

/** As one walks: grid by grid, door by door. */
export function inOrder(a: Card, b: Card): number {
  return compare(a.grid, b.grid) || a.walk - b.walk
}

/** Lane -> the last thing of it that the hub has not heard of. */
function pendingOf(items: readonly Item[]): Map<string, Item> {
  const pending = new Map<string, Item>()
  for (const item of items) if (item.state !== 'sent') pending.set(item.lane, item)
  return pending
}

function rankOf(next: Next | 'done'): number {
  if (next === 'done') return 3
  // who was not there is tried again once the others were visited
  return next === 'visit' ? 1 : 2
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function byHousehold(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const there = found.get(row.household)
    if (there === undefined) found.set(row.household, [row])
    else there.push(row)
  }
  return found
}

const DAY_MS = 86_400_000

/** Whether what is known need not be asked again. */
export function isFresh(field: FormField, known: Known | undefined, now: number): boolean {
  return known !== undefined && field.fresh_for > 0 && now < Date.parse(known.at) + field.fresh_for * DAY_MS
}

export interface Question {
  readonly key: string
  readonly field: FormField
  readonly person: CardPerson | undefined
  readonly known: Known | undefined
}

/**
 * What must be asked at this household: nothing that is fresh; what depends on another answer once that fits. `answers`: what has
 * been answered in this visit so far. The hub says the same by `hub/grids/sweep_form.py: to_ask`.
 */
export function questionsOf(form: readonly FormField[], card: Card, answers: Readonly<Record<string, string>>, now: number): Question[] {
  const fields = new Map(form.map((field) => [field.key, field]))
  return form.flatMap((field) => {
    const persons: (CardPerson | undefined)[] = field.each_person ? [...card.persons] : [undefined]
    return persons
      .map((person): Question => {
        const key = keyOf(field, person)
        return { key, field, person, known: card.last[key] }
      })
      .filter(({ known }) => field.kind !== 'photo' && !isFresh(field, known, now))
      .filter(({ person }) => {
        const when = field.only_when
        const other = when === null ? undefined : fields.get(when.key)
        if (when === null || other === undefined) return true
        const key = keyOf(other, person)
        const value = answers[key] ?? card.last[key]?.value
        return value !== undefined && when.values.includes(value)
      })
  })
}

function keyOf(field: FormField, person: CardPerson | undefined): string {
  return field.each_person && person !== undefined ? `${field.key}@${person.person}` : field.key
}

/** Whether nothing must be asked before one can say that nothing has changed. */
export function isKnown(work: Work, stop: Stop, now: number): boolean {
  return stop.rows.every((row) => mustAsk(questionsOf(work.sweeps.find(({ sweep }) => sweep === row.sweep)?.form ?? [], stop.card, {}, now)).length === 0)
}

/** What must be answered before 「无变化」 can be said: what is asked each time and cannot be left out. */
export function mustAsk(questions: readonly Question[]): Question[] {
  return questions.filter(({ field, known }) => field.required && known === undefined)
}

/** Whether an answer is one that somebody has to look at. */
export function isAbnormal(field: FormField, value: string): boolean {
  if (field.kind === 'choice') return field.options.some((option) => option.value === value && option.flag !== null)
  if (field.kind !== 'number' || field.above === null) return false
  const number = Number(value)
  return Number.isFinite(number) && Math.round(number * 10) >= field.above
}

/** Questions that were answered, and those of which the answer now speaks: for putting them right. */
export function questionsSaid(form: readonly FormField[], card: Card, answers: Readonly<Record<string, string>>): Question[] {
  const asked = { ...card, last: {} }
  return questionsOf(form, asked, answers, 0).filter(({ key, field }) => answers[key] !== undefined || field.only_when !== null)
}

/** Answers as a person reads them: 孟某 体温：36.8℃. */
export function answerTexts(form: readonly FormField[], card: Card, answers: Readonly<Record<string, string>>): string[] {
  return Object.entries(answers).map(([key, value]) => {
    const [name = '', person] = key.split('@')
    const field = form.find((one) => one.key === name)
    const who = card.persons.find((one) => one.person === person)?.name
    const said = field?.options.find((option) => option.value === value)?.label ?? `${value}${field?.unit ?? ''}`
    return `${[who, field?.label ?? name].filter(Boolean).join(' ')}：${said}`
  })
}

/** Of grids that the phone's owner answers for: what is to be settled, without what he has settled and not sent. */
export function unsettledOf(work: Work, items: readonly Item[]): { readonly key: string; readonly card: Card; readonly row: Row | undefined }[] {
  const led = new Set(work.grids.filter((grid) => grid.leads).map(({ grid }) => grid))
  const settled = new Set(items.filter((item) => item.kind === 'visit.settle' && item.state !== 'sent').map(({ data }) => keyOfPlace(data)))
  const cards = new Map(work.cards.filter((card) => led.has(card.grid)).map((card) => [card.household, card]))
  const places: { household: string; row: Row | undefined }[] = [
    ...work.rows.filter((row) => row.conflict).map((row) => ({ household: row.household, row })),
    ...work.doors.filter((door) => door.conflict).map(({ household }) => ({ household, row: undefined })),
  ]
  return places.flatMap(({ household, row }) => {
    const card = cards.get(household)
    const key = row === undefined ? household : keyOfPlace({ sweep: row.sweep, row: row.row })
    return card === undefined || settled.has(key) ? [] : [{ key, card, row }]
  })
}

function keyOfPlace(data: Readonly<Record<string, unknown>>): string {
  const { household, sweep, row } = data
  return typeof household === 'string' ? household : `${String(sweep)} ${String(row)}`
}
