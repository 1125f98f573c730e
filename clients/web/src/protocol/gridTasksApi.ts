/** Orders in grids, as the HTTP API gives them. Each call raises Refused or Unreachable. */
import { type Api, withQuery } from './api'
import type { GridTaskTold, GridTasks } from './types'

/** Where an order is in the grids that one sees, by grid, the oldest first. */
export async function readGridTasks(order: string, api: Pick<Api, 'call'>): Promise<readonly GridTaskTold[]> {
  return (await api.call<GridTasks>('GET', withQuery('/grid-tasks', { order }))).tasks
}
