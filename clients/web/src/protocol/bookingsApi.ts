/** Bookings and templates, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { Refused } from './refusal'
import type { Booking, Bookings, Chairs, Conflicts, ConflictsAsked, Template, Templates } from './types'

export type Caller = Pick<Api, 'call'>

const PAGE = 500
/** So many pages are read of one list. */
const MOST_PAGES = 10

/** All that begin from then on (ISO 8601), as of the first page's `seq`. */
export async function readBookings(api: Caller, from: string): Promise<Bookings> {
  let page: Bookings | undefined
  const all: Booking[] = []
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const after: string = page?.next ?? ''
    const next = await api.call<Bookings>('GET', `/bookings?from=${encodeURIComponent(from)}&limit=${String(PAGE)}${after === '' ? '' : `&after=${after}`}`)
    all.push(...next.bookings)
    page = { ...(page ?? next), next: next.next }
    if (next.next === null) break
  }
  if (page === undefined) throw new Error('no page was read')
  return { ...page, bookings: all }
}

/** With the codes of all centers that it calls. */
export async function readBooking(api: Caller, id: string): Promise<Booking> {
  return api.call('GET', `/bookings/${encodeURIComponent(id)}`)
}

/** Those that are not found, or not for one to see, are left out. */
export async function readBookingsById(api: Caller, ids: readonly string[]): Promise<Booking[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      try {
        return await readBooking(api, id)
      } catch (error) {
        if (error instanceof Refused && error.code === 'not_found') return undefined
        throw error
      }
    }),
  )
  return found.flatMap((one) => one ?? [])
}

export async function readConflicts(api: Caller, asked: ConflictsAsked): Promise<Conflicts> {
  return api.call('POST', '/bookings/conflicts', asked)
}

export async function readChairs(api: Caller, text: string): Promise<Chairs['chairs']> {
  return (await api.call<Chairs>('GET', `/bookings/chairs?q=${encodeURIComponent(text)}`)).chairs
}

export async function readTemplates(api: Caller): Promise<Template[]> {
  return (await api.call<Templates>('GET', `/templates?limit=${String(PAGE)}`)).templates
}

/** Address of the calendar file of one booking. */
export function calendarOf(id: string): string {
  return `/api/v1/bookings/${encodeURIComponent(id)}/calendar`
}
/** Address of the calendar file of all that begin from then on and are to take place. */
export function calendarFrom(from: string): string {
  return `/api/v1/bookings/calendar?state=approved,noticed,opened&from=${encodeURIComponent(from)}`
}
