/** Errands (代办) as this phone knows them: what the hub told, and what was said here since. Pure. */
import type { ErrandTold } from '@/protocol/types'

import type { Item, Taken, Wanted } from './queue'
import type { Card, Work } from './work'

export type ErrandKind = ErrandTold['kind']
export const KINDS = ['medicine', 'food', 'clinic', 'papers', 'repair', 'ride', 'other'] as const satisfies readonly ErrandKind[]

/** What stays of an errand on a phone. */
export interface Errand {
  readonly errand: string
  readonly grid: string
  readonly household: string
  readonly kind: ErrandKind
  readonly state: ErrandTold['state']
  readonly due: string | null
  readonly urgent: boolean
  readonly asked_at: string
  readonly taker: string | null
  readonly taker_name: string
  readonly handed_by: string
  readonly reason: string
  readonly text: string
  readonly stars: number | null
}

export function errandOf(told: ErrandTold): Errand {
  const { errand, grid, household, kind, state, due, urgent, asked_at, taker, taker_name, handed_by, reason, text, stars } = told
  return { errand, grid, household, kind, state, due, urgent, asked_at, taker, taker_name, handed_by, reason, text: text ?? '', stars }
}

/**
 * Whose turn it is: `free` for whoever walks there, `mine`, `other` for a colleague's, `village` for the village's, `rate` where I did
 * it and the household is to be asked; `over` for nobody's.
 */
export type Turn = 'free' | 'mine' | 'other' | 'village' | 'rate' | 'over'

export interface Job extends Errand {
  readonly card: Card | undefined
  readonly turn: Turn
  readonly late: boolean
  /** What this phone has said of it and the hub has not heard, the first first. */
  readonly pending: readonly Item[]
}

const ORDER: readonly Turn[] = ['mine', 'free', 'rate', 'other', 'village', 'over']

/** All errands, those that one can do something about first; of these the urgent ones, then what is wanted soonest. `me`: my account. */
export function jobsOf(work: Work, items: readonly Item[], me: string, now: number): Job[] {
  const cards = new Map(work.cards.map((card) => [card.household, card]))
  const there = new Map(work.errands.map((errand) => [errand.errand, errand]))
  const pending = new Map<string, Item[]>()
  for (const item of items) {
    const { does, errand } = item.mark as { does?: string; errand?: string }
    // what was sent counts until the hub's own answer knows of it
    if (errand === undefined || (item.state === 'sent' && (item.seq ?? 0) <= work.seq)) continue
    if (item.state !== 'sent') pending.set(errand, [...(pending.get(errand) ?? []), item])
    if (item.state === 'refused' && does !== 'ask') continue
    const was = there.get(errand) ?? (does === 'ask' ? askedHere(item) : undefined)
    if (was !== undefined) there.set(errand, after(was, item, me))
  }
  return [...there.values()]
    .map((errand): Job => {
      const going = errand.state === 'asked' || errand.state === 'taken' || errand.state === 'handed'
      return {
        ...errand,
        card: cards.get(errand.household),
        turn: turnOf(errand, me),
        late: going && errand.due !== null && Date.parse(errand.due) < now,
        pending: pending.get(errand.errand) ?? [],
      }
    })
    .sort(
      (a, b) =>
        ORDER.indexOf(a.turn) - ORDER.indexOf(b.turn) ||
        Number(b.urgent) - Number(a.urgent) ||
        (a.due ?? '9').localeCompare(b.due ?? '9') ||
        a.asked_at.localeCompare(b.asked_at),
    )
}

function turnOf({ state, taker, stars }: Errand, me: string): Turn {
  if (state === 'asked') return 'free'
  if (state === 'handed') return 'village'
  if (state === 'taken') return taker === me ? 'mine' : 'other'
  return state === 'done' && stars === null && taker === me ? 'rate' : 'over'
}

function askedHere({ data, mark, at }: Item): Errand {
  const said = { ...mark, ...data } as Partial<Errand> & { readonly errand: string }
  return {
    errand: said.errand,
    grid: '',
    household: said.household ?? '',
    kind: said.kind ?? 'other',
    state: 'asked',
    due: said.due ?? null,
    urgent: said.urgent ?? false,
    asked_at: new Date(at).toISOString(),
    taker: null,
    taker_name: '',
    handed_by: '',
    reason: '',
    text: said.text ?? '',
    stars: null,
  }
}

function after(was: Errand, { data, mark }: Item, me: string): Errand {
  const reason = typeof data['reason'] === 'string' ? data['reason'] : ''
  switch (mark['does']) {
    case 'take':
      return { ...was, state: 'taken', taker: me, taker_name: '' }
    case 'hand':
      return mark['to'] === null ? { ...was, state: 'handed', taker: null, reason } : { ...was, state: 'taken', taker: String(mark['to']), taker_name: String(mark['name'] ?? ''), reason }
    case 'finish':
      return { ...was, state: 'done', taker: was.taker ?? me }
    case 'drop':
      return { ...was, state: 'dropped', reason }
    case 'rate':
      return { ...was, stars: Number(mark['stars']) }
    default:
      return was
  }
}

/** What of the day is told at its head: how many one can do something about, and how many of them are late. */
export function ownOf(jobs: readonly Job[]): Job[] {
  return jobs.filter(({ turn }) => turn === 'mine' || turn === 'free' || turn === 'rate')
}

/** An errand that is asked for now. */
export interface Asked {
  readonly household: string
  readonly kind: ErrandKind
  readonly text: string
  readonly due: string | null
  readonly urgent: boolean
}

export function askWanted(errand: string, asked: Asked, title: string, now: number): Wanted {
  const { text, ...plain } = asked
  const month = new Date(now).toISOString().slice(0, 7)
  return { kind: 'errand.ask', lane: errand, title, data: { errand, ...plain, text, asked_on: month }, mark: { does: 'ask', errand, ...plain } }
}

export function takeWanted(errand: string, title: string, holdMs?: number): Wanted {
  return { kind: 'errand.take', lane: errand, title, data: { errand }, mark: { does: 'take', errand }, ...(holdMs !== undefined && { holdMs }) }
}

/** `to`: null for the village. */
export function handWanted(errand: string, to: { readonly account: string; readonly name: string } | null, reason: string, title: string): Wanted {
  const account = to === null ? null : to.account
  return { kind: 'errand.hand', lane: errand, title, data: { errand, to: account, reason }, mark: { does: 'hand', errand, to: account, name: to?.name ?? '' } }
}

export function finishWanted(errand: string, said: { readonly text: string; readonly cents: number | null; readonly photos: readonly Taken[] }, title: string, now: number): Wanted {
  const { text, cents, photos } = said
  const data = { errand, text, cents, photos: [], occurred_at: new Date(now).toISOString() }
  return { kind: 'errand.finish', lane: errand, title, data, mark: { does: 'finish', errand }, ...(photos.length > 0 && { photos, photosIn: 'photos' }) }
}

export function dropWanted(errand: string, reason: string, title: string): Wanted {
  return { kind: 'errand.drop', lane: errand, title, data: { errand, reason }, mark: { does: 'drop', errand } }
}

export function rateWanted(errand: string, stars: number, heard: 'door' | 'telephone', title: string): Wanted {
  return { kind: 'errand.rate', lane: errand, title, data: { errand, stars, heard }, mark: { does: 'rate', errand, stars } }
}

/** Yuan as typed, in 1/100 yuan; null for nothing, undefined for what is no amount. */
export function centsOf(typed: string): number | null | undefined {
  const text = typed.trim().replace(/[¥￥元]/g, '')
  if (text === '') return null
  if (!/^\d{1,5}(?:\.\d{1,2})?$/.test(text)) return undefined
  return Math.round(Number(text) * 100)
}

export type Until = 'soon' | 'today' | 'tomorrow' | 'week'
export const UNTIL: readonly Until[] = ['soon', 'today', 'tomorrow', 'week']

/** By when, in the phone's own time: the end of the day, or of the week's Sunday; null for soon. */
export function dueOf(until: Until, now: number): string | null {
  if (until === 'soon') return null
  const day = new Date(now)
  const days = until === 'today' ? 0 : until === 'tomorrow' ? 1 : (7 - day.getDay()) % 7
  day.setDate(day.getDate() + days)
  day.setHours(23, 59, 0, 0)
  return day.toISOString()
}

/** The day of a date as one says it: today, tomorrow, or month and day. */
export function dayOf(due: string, now: number): string {
  const [day, today] = [new Date(due), new Date(now)]
  const days = Math.round((new Date(day.toDateString()).getTime() - new Date(today.toDateString()).getTime()) / 86_400_000)
  if (days === 0) return 'today'
  return days === 1 ? 'tomorrow' : `${String(day.getMonth() + 1)}-${String(day.getDate()).padStart(2, '0')}`
}
