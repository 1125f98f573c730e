/** A household that is met at the door and not registered yet: what is said of it, who may be the same, and the command. Pure. */
import type { Wanted } from './queue'
import type { Card } from './work'

export interface NewPerson {
  name: string
  phone: string
  number: string
  birth: string
  relation: string
  residence: string
}

export interface NewHousehold {
  grid: string
  /** Of the registry; empty for a new one. */
  building: string
  buildingName: string
  label: string
  kind: string
  note: string
  persons: NewPerson[]
}

export const RELATIONS = ['head', 'spouse', 'child', 'parent', 'grandchild', 'grandparent', 'sibling', 'lodger', 'other'] as const
export const RESIDENCES = ['registered', 'floating', 'abroad'] as const

export function freshPerson(first: boolean): NewPerson {
  return { name: '', phone: '', number: '', birth: '', relation: first ? 'head' : 'other', residence: 'registered' }
}

/** Buildings of a grid, as they are walked. */
export function buildingsOf(cards: readonly Card[], grid: string): { building: string; name: string }[] {
  const found = new Map<string, string>()
  for (const card of cards) if (card.grid === grid && !found.has(card.building)) found.set(card.building, card.place[0] ?? '')
  return [...found].map(([building, name]) => ({ building, name }))
}

export type Why = 'number' | 'phone' | 'name' | 'birth' | 'building' | 'place'

/** Who may be the same, of what this phone holds: the same door, the same name or telephone. The hub looks further. */
export function alikeHere(cards: readonly Card[], wanted: NewHousehold): { card: Card; why: Why[] }[] {
  const names = new Set(wanted.persons.map(({ name }) => name.trim()).filter((name) => name !== ''))
  const phones = new Set(wanted.persons.map(({ phone }) => digits(phone)).filter((phone) => phone !== ''))
  return cards.flatMap((card) => {
    const why: Why[] = []
    if (card.persons.some(({ phone }) => phones.has(digits(phone)))) why.push('phone')
    if (card.persons.some(({ name }) => names.has(name))) why.push('name')
    if (card.building === wanted.building && wanted.label.trim() !== '' && card.place.at(-1) === wanted.label.trim()) why.push('place')
    return why.length === 0 ? [] : [{ card, why }]
  })
}

function digits(text: string): string {
  return text.replace(/\D/g, '')
}

/** What is missing before it can be kept; undefined where nothing is. */
export function missingOf({ building, buildingName, label, persons }: NewHousehold): 'place' | 'name' | undefined {
  if (label.trim() === '' || (building === '' && buildingName.trim() === '')) return 'place'
  return persons.length === 0 || persons.some(({ name }) => name.trim() === '') ? 'name' : undefined
}

/** The command; things of one new household keep their order among themselves. */
export function registration(made: NewHousehold, at: number, onLine: boolean, though: boolean, title: string): Wanted {
  const place = made.building === '' ? { building_name: made.buildingName.trim(), label: made.label.trim() } : { building: made.building, label: made.label.trim() }
  return {
    kind: 'household.register',
    lane: `new ${made.grid} ${place.label}`,
    title,
    data: {
      grid: made.grid,
      place,
      kind: made.kind,
      note: made.note.trim(),
      persons: made.persons.map(({ name, phone, number, birth, relation, residence }) => ({
        name: name.trim(), phone: phone.trim(), number: number.trim(), birth: birth.trim(), relation, residence,
      })),
      though,
      occurred_at: new Date(at).toISOString(),
      offline: !onLine,
    },
  }
}
