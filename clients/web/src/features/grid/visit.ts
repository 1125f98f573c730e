/** What somebody says of a household, as commands of its rows. Pure. */
import type { Taken, Wanted } from './queue'
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

/** One command for each row that is still open; photos and what was found go with the first alone. */
export function wantedOf(stop: Stop, work: Work, said: Said, at: number, onLine: boolean, title: string, holdMs?: number): Wanted[] {
  const open = stop.rows.filter((row) => row.next !== 'none')
  return (open.length > 0 ? open : stop.rows.slice(0, 1)).map((row, index): Wanted => {
    const first = index === 0
    return {
      kind: 'visit.record',
      lane: stop.card.household,
      title,
      data: {
        sweep: row.sweep,
        row: row.row,
        outcome: said.outcome,
        base: row.base,
        occurred_at: new Date(at).toISOString(),
        offline: !onLine,
        seen: REACHED.includes(said.outcome) ? stop.card.persons.length : 0,
        seconds: Math.min(3600, Math.max(0, Math.round(said.seconds))),
        answers: answersOf(work, row, said.answers),
        note: said.note,
        finding: first ? (said.finding ?? null) : null,
        photos: [],
      },
      ...(first && said.photos.length > 0 && { photos: said.photos, photosIn: 'photos' }),
      ...(holdMs !== undefined && { holdMs }),
    }
  })
}

/** Those that the form of this row's sweep asks for. */
function answersOf(work: Work, row: Row, answers: Readonly<Record<string, string>>): Record<string, string> {
  const form = work.sweeps.find(({ sweep }) => sweep === row.sweep)?.form ?? []
  const keys = new Set(form.map(({ key }) => key))
  return Object.fromEntries(Object.entries(answers).filter(([key, value]) => value !== '' && keys.has(key.split('@')[0] ?? '')))
}
