/** Walls of cameras: one's own, and those that one's center keeps, by the hub's HTTP API. */
import { Api } from './api'
import type { KeptWall, Walls } from './types'

/** Raises Refused for what the hub says no to, Unreachable when it did not answer. */
export async function readWalls(api: Pick<Api, 'call'> = new Api()): Promise<readonly KeptWall[]> {
  return (await api.call<Walls>('GET', '/walls')).walls
}
