/** Routine tasks, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import type { Api } from './api'
import { withQuery } from './api'
import type { CountedRound, TaskBoard, TaskRounds, Tasks } from './types'

export type Caller = Pick<Api, 'call'>

export interface TasksQuery {
  id?: string
  /** Those that go on, or those that are over. */
  state?: 'current' | 'over'
  center?: string
  q?: string
  before?: string
  limit?: number
}

/** A page, newest first; `next` is the `before` of the following one. */
export async function readTasks(api: Caller, query: TasksQuery = {}): Promise<Tasks> {
  return api.call('GET', withQuery('/tasks', { ...query }))
}

/** The newest first. */
export async function readRounds(api: Caller, task: string): Promise<CountedRound[]> {
  return (await api.call<TaskRounds>('GET', `/tasks/${encodeURIComponent(task)}/rounds`)).rounds
}

export async function readBoard(api: Caller, task: string, round: number): Promise<TaskBoard> {
  return api.call('GET', `/tasks/${encodeURIComponent(task)}/rounds/${String(round)}`)
}

/** Where the board is fetched as a file. */
export function boardFile(task: string, round: number, format: 'csv' | 'xlsx'): string {
  return `/api/v1/tasks/${encodeURIComponent(task)}/rounds/${String(round)}/file?format=${format}`
}
