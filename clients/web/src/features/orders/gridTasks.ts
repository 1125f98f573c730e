/** An order in the grids of one village: how far each grid is, and what they said put together. Pure. */
import type { GridTaskTold, NamedObject } from '@/protocol/types'

/** As many characters as an answer to an order holds, and as many files. */
const MOST_TEXT = 2000
const MOST_PHOTOS = 9
const GOING: readonly GridTaskTold['state'][] = ['given', 'signed', 'reported']

/** A grid that the order was given to. */
export interface GridRow {
  readonly grid: string
  readonly name: string
  /** What counts: what goes on there, else what was there last and not taken back. */
  readonly task: GridTaskTold
  readonly going: boolean
  /** What was there besides, the newest first. */
  readonly earlier: readonly GridTaskTold[]
}

/** By grid; `tasks` come the oldest first. */
export function gridRows(tasks: readonly GridTaskTold[], village: string): readonly GridRow[] {
  const byGrid = new Map<string, GridTaskTold[]>()
  for (const task of tasks) if (task.center === village) byGrid.set(task.grid, [task, ...(byGrid.get(task.grid) ?? [])])
  return [...byGrid].flatMap(([grid, newest]): GridRow[] => {
    const task = newest.find(({ state }) => GOING.includes(state)) ?? newest.find(({ state }) => state !== 'withdrawn') ?? newest[0]
    return task === undefined ? [] : [{ grid, name: task.grid_name, task, going: GOING.includes(task.state), earlier: newest.filter((one) => one !== task) }]
  })
}

/** In how many grids it is, and in how many of them it is done; what was taken back does not count. */
export function gridCounts(rows: readonly GridRow[]): { readonly given: number; readonly done: number } {
  const there = rows.filter(({ task }) => task.state !== 'withdrawn')
  return { given: there.length, done: there.filter(({ task }) => task.state === 'done').length }
}

/** What the village may say next of its own: `complete` once it is done in all grids, `progress` once all have said something. */
export function nextAnswer(rows: readonly GridRow[]): 'complete' | 'progress' | undefined {
  const states = rows.map(({ task }) => task.state).filter((state) => state !== 'withdrawn')
  if (states.length === 0 || !states.every((state) => state === 'done' || state === 'reported')) return undefined
  return states.every((state) => state === 'done') ? 'complete' : 'progress'
}

export interface GridDraft {
  readonly kind: 'complete' | 'progress'
  readonly text: string
  readonly photos: readonly NamedObject[]
}

/** The words of all grids, a line each, and the first of their photos; `line` is how a grid's words are put. */
export function gridDraft(rows: readonly GridRow[], kind: GridDraft['kind'], line: (row: GridRow) => string): GridDraft {
  const said = rows.filter(({ task }) => task.state === 'done' || task.state === 'reported')
  const lines = said.map(line)
  const share = Math.floor(MOST_TEXT / Math.max(1, lines.length)) - 2
  const whole = lines.join('\n').length <= MOST_TEXT ? lines : lines.map((one) => (one.length > share ? `${one.slice(0, share)}…` : one))
  const photos = new Map(said.flatMap(({ task }) => task.photos.map((photo) => [photo.object, photo] as const)))
  return { kind, text: whole.join('\n'), photos: [...photos.values()].slice(0, MOST_PHOTOS) }
}
