/** Orders that the village passed on to one's grids, as this phone knows them. Pure. */
import type { NamedObject, WorkTask } from '@/protocol/types'

import { dayOf } from './errands'
import type { Item, Taken, Wanted } from './queue'
import type { Work } from './work'

/** What stays of it on a phone. */
export interface OrderTask {
  readonly task: string
  readonly grid: string
  readonly grid_name: string
  readonly state: WorkTask['state']
  readonly number: string
  readonly says: string
  readonly note: string
  readonly priority: WorkTask['priority']
  readonly due: string | null
  readonly issuer: string
  /** What was said of it last, with so many photos. */
  readonly text: string
  readonly photos: number
  /** What came with the order. */
  readonly files: readonly NamedObject[]
  readonly over_at: string | null
  /** Why the village took it back. */
  readonly reason: string
}

export function orderTaskOf({ task, grid, grid_name, state, number, says, note, priority, due, issuer, text, photos, attachments = [], over_at, reason }: WorkTask): OrderTask {
  return { task, grid, grid_name, state, number, says, note, priority, due, issuer, text, photos: photos.length, files: attachments, over_at, reason }
}

/** What an older page kept lacks what came since. */
export function keptTask(task: OrderTask): OrderTask {
  const old = task as Partial<OrderTask>
  return { ...task, photos: old.photos ?? 0, files: old.files ?? [], over_at: old.over_at ?? null, reason: old.reason ?? '' }
}

/** So long (ms) one that was taken back stays among the others, so that nobody goes on with it. */
const GONE_MS = 24 * 3_600_000

/** Those of the day: what goes on, and what was taken back, or ended with its order, since yesterday. */
export function shownDuties(duties: readonly Duty[], now: number): readonly Duty[] {
  return duties.filter(({ turn, state, over_at }) => turn !== 'over' || (state !== 'done' && over_at !== null && now - Date.parse(over_at) < GONE_MS))
}

/** By when, to the minute; empty where there is no such moment. `says` are the words of errands. */
export function dueWords({ due }: Pick<OrderTask, 'due'>, now: number, says: { readonly today: string; readonly tomorrow: string; readonly due: (day: string) => string }): string {
  if (due === null) return ''
  const day = dayOf(due, now)
  return says.due(`${day === 'today' ? says.today : day === 'tomorrow' ? says.tomorrow : day} ${new Date(due).toTimeString().slice(0, 5)}`)
}

/** `new`: nobody has received it; `going`; `over`. */
export type TaskTurn = 'new' | 'going' | 'over'

export interface Duty extends OrderTask {
  readonly turn: TaskTurn
  readonly late: boolean
  readonly pending: readonly Item[]
}

const PRIORITIES = ['critical', 'urgent', 'normal']

/** All of them, those to be received first, then by how urgent they are and when they are due. */
export function dutiesOf(work: Work, items: readonly Item[], now: number): Duty[] {
  const pending = new Map<string, Item[]>()
  const there = new Map(work.tasks.map((task) => [task.task, task]))
  for (const item of items) {
    const { does, task } = item.mark as { does?: string; task?: string }
    if (task === undefined || (item.state === 'sent' && (item.seq ?? 0) <= work.seq)) continue
    if (item.state !== 'sent') pending.set(task, [...(pending.get(task) ?? []), item])
    const was = there.get(task)
    if (was === undefined || item.state === 'refused') continue
    const done = item.mark['done'] === true
    there.set(task, { ...was, state: does === 'sign' ? 'signed' : done ? 'done' : 'reported' })
  }
  return [...there.values()]
    .map((task): Duty => {
      const turn = task.state === 'given' ? 'new' : task.state === 'signed' || task.state === 'reported' ? 'going' : 'over'
      return { ...task, turn, late: turn !== 'over' && task.due !== null && Date.parse(task.due) < now, pending: pending.get(task.task) ?? [] }
    })
    .sort(
      (a, b) =>
        Number(a.turn !== 'new') - Number(b.turn !== 'new') ||
        PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) ||
        (a.due ?? '9').localeCompare(b.due ?? '9'),
    )
}

export function signWanted(task: string, title: string, holdMs?: number): Wanted {
  return { kind: 'gridtask.sign', lane: task, title, data: { task }, mark: { does: 'sign', task }, ...(holdMs !== undefined && { holdMs }) }
}

export function reportWanted(task: string, said: { readonly text: string; readonly done: boolean; readonly photos: readonly Taken[] }, title: string): Wanted {
  const { text, done, photos } = said
  return { kind: 'gridtask.report', lane: task, title, data: { task, text, done, photos: [] }, mark: { does: 'report', task, done }, ...(photos.length > 0 && { photos, photosIn: 'photos' }) }
}
