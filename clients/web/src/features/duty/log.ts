/** A center's log of a day in sentences, and as a file. Pure. */
import type { Entry } from '@/protocol/types'

import type { Told } from '../contract'

/** What the log can be narrowed to. */
export const KINDS = ['all', 'duty', 'meeting', 'report', 'order'] as const
export type LogKind = (typeof KINDS)[number]

const OF: Readonly<Record<string, LogKind>> = { duty: 'duty', meeting: 'meeting', report: 'report', alarm: 'report', incident: 'report', task: 'report', order: 'order', decision: 'meeting' }

export function isOfKind(entry: Pick<Entry, 'kind'>, which: LogKind): boolean {
  return which === 'all' || OF[entry.kind.split('.')[0] ?? ''] === which
}

interface Named { readonly account?: unknown; readonly name?: unknown; readonly center_name?: unknown }

/** Who is meant by an account, as far as the entries themselves name him; else the center that he acted for. */
export function peopleIn(entries: readonly Entry[], nameOf: (center: string) => string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { actor } of entries) if (actor.center !== '') found.set(actor.account, nameOf(actor.center))
  for (const entry of entries) {
    const data = entry.data as Readonly<Record<string, unknown>>
    for (const one of [data['by'], data['issuer']] as (Named | undefined)[]) {
      if (typeof one === 'object' && one !== null && typeof one.account === 'string') found.set(one.account, `${String(one.center_name)} ${String(one.name)}`)
    }
    if (typeof data['account_name'] === 'string') found.set(entry.actor.account, `${nameOf(entry.actor.center)} ${data['account_name']}`)
  }
  return found
}

/** What the record knows, and of people what the entries themselves say. */
export function toldWith(told: Told, people: ReadonlyMap<string, string>, nameOf: (center: string) => string): Told {
  return {
    person: (account) => {
      const known = told.person(account)
      return known === account ? (people.get(account) ?? account) : known
    },
    center: nameOf,
    words: (id) => told.words(id),
  }
}

/** A spreadsheet takes what begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/

/** RFC 4180, with the mark by which spreadsheets know UTF-8. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}
