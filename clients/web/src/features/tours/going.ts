/** A tour as the desk looks at it: who is next, who is not there, how long is left. Pure. */
import { isCamera, isPhone, plateOf } from '@/parts/attendance'
import type { Participant, Tour, TourList } from '@/protocol/types'

/** How long (s) each may be shown, as the pages offer it; the hub takes any time from 5 to 120. */
export const TIMES: readonly number[] = [5, 10, 15, 20, 30, 60, 120]

/** Who would be shown at each step: for a center its station, else who joined first, as the hub chooses; a camera, and a grid member's phone, for itself. */
export function facesOf(people: readonly Participant[], but: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, Participant>()
  for (const person of people) {
    if (person.state !== 'joined' || person.id === but) continue
    const step = isCamera(person.id) || isPhone(person) ? person.id : person.center
    const known = found.get(step)
    if (known === undefined || (person.role === 'station' && known.role !== 'station')) found.set(step, person)
  }
  return new Map([...found].map(([step, person]) => [step, person.id]))
}

/** What a step is called: a center by its name, a camera or a phone as on its plate. */
export function stepNames(beside: readonly Participant[], nameOf: (center: string) => string): (step: string) => string {
  const plates = new Map(beside.map((one) => [one.id, plateOf(one)]))
  return (step) => plates.get(step) ?? nameOf(step)
}

/** Codes of those that the next step shows as things stand now: none where nobody else is there. */
export function nextOf(tour: Tour, list: TourList, here: ReadonlyMap<string, string>): readonly string[] {
  const count = tour.grid === null ? 1 : Number(tour.grid)
  const there = list.centers.filter((code) => here.has(code))
  if (there.length <= count && tour.centers.length > 0) return []
  const last = tour.centers.at(-1)
  const start = last === undefined ? tour.place - 1 : list.centers.indexOf(last) + 1
  const found: string[] = []
  for (let step = 0; step < list.centers.length && found.length < count; step += 1) {
    const code = list.centers[(start + step) % list.centers.length]
    if (code !== undefined && here.has(code)) found.push(code)
  }
  return found
}

/** ms until the next step; undefined while there is none. */
export function leftOf(tour: Tour, now: number): number | undefined {
  return tour.until === null ? undefined : Math.max(0, Date.parse(tour.until) - now)
}

/** How much of its time who is shown has had, 0 to 1. */
export function partOf(tour: Tour, now: number): number {
  if (tour.until === null || tour.since === null) return 0
  const whole = Date.parse(tour.until) - Date.parse(tour.since)
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (now - Date.parse(tour.since)) / whole))
}

export interface ListedCenter {
  readonly code: string
  readonly place: number
  readonly state: 'shown' | 'here' | 'passed' | 'absent'
}

/** The list with how each stands: shown now, there, passed over the last time and still not there, not there. */
export function listedOf(tour: Tour, list: TourList, here: ReadonlyMap<string, string>): readonly ListedCenter[] {
  const shown = new Set(tour.centers)
  const passed = new Set(list.passed)
  return list.centers.map((code, at) => ({
    code,
    place: at + 1,
    state: shown.has(code) ? 'shown' : here.has(code) ? 'here' : passed.has(code) ? 'passed' : 'absent',
  }))
}

/** A list with the one at `from` moved to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const one = list[from]
  if (one === undefined || to < 0 || to >= list.length || from === to) return list
  const rest = list.filter((_, at) => at !== from)
  return [...rest.slice(0, to), one, ...rest.slice(to)]
}
