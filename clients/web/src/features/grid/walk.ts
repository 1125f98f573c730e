/** Where one walks in a day, in order: households that a sweep asks for, rows of lists that belong there, and rows of nobody known. Pure. */
import type { Check } from './listRows'
import type { Card, Stop } from './work'

/** One door. */
export interface Place {
  readonly key: string
  /** Undefined where the registry knows no household for a row. */
  readonly card: Card | undefined
  /** Undefined where no sweep asks for the household. */
  readonly stop: Stop | undefined
  readonly checks: readonly Check[]
}

interface Ranked extends Place {
  readonly rank: number
  readonly grid: string
  readonly walk: number
}

/** A household's rank as a place has it: a row that is due today goes before it. */
const OF_STOP = [0, 2, 3, 4] as const
const AFTER_ALL = Number.MAX_SAFE_INTEGER

/** As one walks: what was refused, what is due today, the rest, who was not there; at the end what is done. */
export function placesOf(cards: readonly Card[], stops: readonly Stop[], checks: readonly Check[]): Place[] {
  const at = new Map<string, Check[]>()
  for (const check of checks) {
    const key = check.card?.household ?? check.key
    at.set(key, [...(at.get(key) ?? []), check])
  }
  const asked = new Set(stops.map(({ key }) => key))
  const places = stops.map((stop): Ranked => rankedOf(stop.key, stop.card, stop, at.get(stop.key) ?? []))
  for (const [key, rows] of at) {
    const [first] = rows
    if (first === undefined || asked.has(key)) continue
    const near = first.card ?? nearOf(cards, first)
    places.push({ ...rankedOf(key, first.card, undefined, rows), grid: first.card?.grid ?? first.grid, walk: near?.walk ?? AFTER_ALL })
  }
  return places.sort((a, b) => a.rank - b.rank || compare(a.grid, b.grid) || a.walk - b.walk || compare(a.key, b.key))
}

function rankedOf(key: string, card: Card | undefined, stop: Stop | undefined, checks: readonly Check[]): Ranked {
  const rank = Math.min(stop === undefined ? 4 : (OF_STOP[stop.rank] ?? 4), ...checks.map((check) => check.rank))
  return { key, card, stop, checks, rank, grid: card?.grid ?? '', walk: card?.walk ?? AFTER_ALL }
}

/** Whether anything is still to be done there. */
export function isDone({ stop, checks }: Place): boolean {
  return (stop === undefined || stop.next === 'done') && checks.every(({ outcome }) => outcome !== null)
}

/** A door of the building that the row's address names: there one walks by. The longest name is the one that is meant. */
function nearOf(cards: readonly Card[], { grid, where }: Check): Card | undefined {
  const written = plain(where)
  if (written === '') return undefined
  let best: { readonly card: Card; readonly length: number } | undefined
  for (const card of cards) {
    if (card.grid !== grid) continue
    const length = Math.max(...card.place.map((_, many) => lengthIn(written, plain(card.place.slice(0, many + 1).join('')))))
    if (length > 0 && (best === undefined || length > best.length || (length === best.length && card.walk < best.card.walk))) best = { card, length }
  }
  return best?.card
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[\s,.。;；:：#号\-—_/()（）]+/gu, '')
}

/** How long the name is where it stands in the text, and is no part of another number; else 0. */
function lengthIn(text: string, name: string): number {
  if (name === '') return 0
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const cut = (/^\d/.test(name) && /\d/.test(text[at - 1] ?? '')) || (/\d$/.test(name) && /\d/.test(text[at + name.length] ?? ''))
    if (!cut) return name.length
  }
  return 0
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
