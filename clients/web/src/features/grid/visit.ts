/** What somebody says of a household, as commands of its rows. Pure. */
import type { Item, Taken, Wanted } from './queue'
import type { Outcome, Row, Stop, Work } from './work'

export interface Said {
  readonly outcome: Outcome
  readonly answers: Readonly<Record<string, string>>
  readonly note: string
  readonly photos: readonly Taken[]
  readonly finding?: { readonly becomes: 'report' | 'incident'; readonly text: string; readonly urgency: 'normal' | 'urgent' } | undefined
  /** How long the form was open. */
  readonly seconds: number
}

const REACHED: readonly Outcome[] = ['met', 'unchanged', 'phone']

/** One command for each row that is still open, of no sweep one of the household; photos and what was found go with the first. */
export function wantedOf(stop: Stop, work: Work, said: Said, at: number, onLine: boolean, title: string, holdMs?: number): Wanted[] {
  const open = stop.rows.filter((row) => row.next !== 'none')
  const rows: readonly (Row | undefined)[] = stop.rows.length === 0 ? [undefined] : open.length > 0 ? open : stop.rows.slice(0, 1)
  return rows.map((row, index): Wanted => {
    const first = index === 0
    return {
      kind: 'visit.record',
      lane: stop.card.household,
      title,
      data: {
        ...(row === undefined ? { household: stop.key } : { sweep: row.sweep, row: row.row }),
        outcome: said.outcome,
        base: row?.base ?? work.doors.find(({ household }) => household === stop.key)?.base ?? 0,
        occurred_at: new Date(at).toISOString(),
        offline: !onLine,
        seen: REACHED.includes(said.outcome) ? stop.card.persons.length : 0,
        seconds: Math.min(3600, Math.max(0, Math.round(said.seconds))),
        answers: row === undefined ? {} : answersOf(work, row, said.answers),
        note: said.note,
        finding: first ? (said.finding ?? null) : null,
        photos: [],
      },
      ...(first && said.photos.length > 0 && { photos: said.photos, photosIn: 'photos' }),
      ...(holdMs !== undefined && { holdMs }),
    }
  })
}

/** That nothing has changed there. */
export function unchangedWanted(stop: Stop, work: Work, at: number, onLine: boolean, title: string, holdMs: number): Wanted[] {
  return wantedOf(stop, work, { outcome: 'unchanged', answers: {}, note: '', photos: [], seconds: 0 }, at, onLine, title, holdMs)
}

/** Those that the form of this row's sweep asks for. */
function answersOf(work: Work, row: Row, answers: Readonly<Record<string, string>>): Record<string, string> {
  const form = work.sweeps.find(({ sweep }) => sweep === row.sweep)?.form ?? []
  const keys = new Set(form.map(({ key }) => key))
  return Object.fromEntries(Object.entries(answers).filter(([key, value]) => value !== '' && keys.has(key.split('@')[0] ?? '')))
}

/** What is put right of one thing that was said: of the hub's, or of what is still on this phone. */
export interface Right {
  readonly sweep: string | null
  readonly row: number | null
  readonly household: string
  /** The entry that is put right, or the item that will be one. */
  readonly base: number
  readonly baseOf: string | undefined
  readonly was: { readonly outcome: Outcome; readonly seen: number; readonly answers: Readonly<Record<string, string>>; readonly note: string }
}

/** Things that this phone's owner said today of a household, the newest first; those that the hub has not heard of among them. */
export interface SaidLine {
  readonly key: string
  readonly at: number
  readonly outcome: Outcome
  readonly seen: number
  readonly answers: Readonly<Record<string, string>>
  readonly note: string
  readonly photos: number
  readonly sweep: string | null
  readonly conflict: boolean
  readonly pending: Item | undefined
  readonly fixed: readonly { readonly outcome: Outcome; readonly seen: number; readonly reason: string; readonly answers: Readonly<Record<string, string>>; readonly pending: boolean }[]
  /** Undefined where nothing can be put right: it can still be taken back, or something newer was said. */
  readonly right: Right | undefined
}

/** Raises nothing; `items` are what this phone has to send. */
export function saidOf(work: Work, items: readonly Item[], household: string): SaidLine[] {
  const waiting = items.filter((item) => item.lane === household && item.state !== 'sent')
  const fixes = waiting.filter(({ kind }) => kind === 'visit.correct')
  const told = work.said.filter((said) => said.household === household).map((said): SaidLine => {
    const mine = fixes.filter((fix) => fix.baseOf === null && said.base > 0 && fix.data['base'] === said.base)
    return lineOf(fixes, mine, {
      key: String(said.seq), at: Date.parse(said.at), sweep: said.sweep, row: said.row, household, photos: said.photos.length, conflict: said.conflict,
      pending: undefined, base: said.base, baseOf: undefined,
      first: { outcome: said.outcome, seen: said.seen, answers: said.answers ?? {}, note: said.note },
      fixed: said.corrected.map(({ outcome, seen, reason, answers, note }) => ({ outcome, seen, reason, answers: answers ?? {}, note, pending: false })),
    })
  })
  const mine = waiting.filter(({ kind }) => kind === 'visit.record').map((item): SaidLine => {
    const { outcome, seen, sweep = null, row = null, note, answers, occurred_at } = item.data as unknown as VisitData
    return lineOf(fixes, [], {
      key: item.id, at: Date.parse(occurred_at), sweep, row, household, photos: item.photos.length, conflict: false,
      pending: item, base: 0, baseOf: item.id, first: { outcome, seen, answers, note }, fixed: [],
    })
  })
  return [...mine, ...told].sort((a, b) => b.at - a.at)
}

interface VisitData {
  readonly outcome: Outcome
  readonly seen: number
  readonly sweep?: string
  readonly row?: number
  readonly note: string
  readonly answers: Readonly<Record<string, string>>
  readonly occurred_at: string
}
interface Part {
  readonly outcome: Outcome
  readonly seen: number
  readonly answers: Readonly<Record<string, string>>
  readonly note: string
}
interface Line {
  readonly key: string
  readonly at: number
  readonly sweep: string | null
  readonly row: number | null
  readonly household: string
  readonly photos: number
  readonly conflict: boolean
  readonly pending: Item | undefined
  readonly base: number
  readonly baseOf: string | undefined
  readonly first: Part
  readonly fixed: readonly (Part & { readonly reason: string; readonly pending: boolean })[]
}

/** With the corrections that wait: the first speaks of what was said, each other of the one before it. */
function lineOf(fixes: readonly Item[], first: readonly Item[], line: Line): SaidLine {
  const chain = [...first]
  let end = chain.at(-1)?.id ?? line.baseOf
  for (let next = fixes.find((fix) => fix.baseOf !== null && fix.baseOf === end); next !== undefined; next = fixes.find((fix) => fix.baseOf === end)) {
    chain.push(next)
    end = next.id
  }
  const more = chain.map((item) => {
    const { outcome, seen, reason, answers = {}, note = '' } = item.data as unknown as Part & { reason: string }
    return { outcome, seen, reason, answers, note, pending: true }
  })
  const fixed = [...line.fixed, ...more]
  const now = fixed.reduce<Part>((was, fix) => ({ outcome: fix.outcome, seen: fix.seen, answers: { ...was.answers, ...fix.answers }, note: fix.note || was.note }), line.first)
  const stuck = [line.pending, ...chain].some((item) => item?.state === 'held' || item?.state === 'refused')
  const may = !stuck && (end !== undefined || line.base > 0)
  const { key, at, sweep, photos, conflict, pending } = line
  return {
    key, at, sweep, photos, conflict, pending, ...line.first, fixed,
    right: may ? { sweep, row: line.row, household: line.household, base: Math.max(1, line.base), baseOf: end, was: now } : undefined,
  }
}

/** The command that puts it right: answers that are other than they were alone. */
export function correctionOf(right: Right, now: Part, reason: string, at: number, onLine: boolean, title: string): Wanted {
  const changed = Object.entries(now.answers).filter(([key, value]) => value !== '' && value !== right.was.answers[key])
  return {
    kind: 'visit.correct',
    lane: right.household,
    title,
    ...(right.baseOf !== undefined && { baseOf: right.baseOf }),
    data: {
      ...(right.sweep === null ? { household: right.household } : { sweep: right.sweep, row: right.row }),
      base: right.base,
      outcome: now.outcome,
      seen: now.seen,
      reason,
      offline: !onLine,
      answers: Object.fromEntries(changed),
      note: now.note === right.was.note ? '' : now.note,
      occurred_at: new Date(at).toISOString(),
    },
  }
}
