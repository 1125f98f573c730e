/** Grids by filters, page by page. */
import { type PagedList, useToldPages } from '@/parts/toldPages'
import { type Caller, type GridQuery, PAGE, readGrids } from '@/protocol/gridsApi'
import type { VillageGrid } from '@/protocol/types'
import type { Live } from '@/state/live'

export type GridLine = VillageGrid & { readonly id: string }
export type GridFilter = Pick<GridQuery, 'center' | 'q' | 'unassigned' | 'ended'>

export function useGrids(api: Caller, live: Pick<Live, 'socket'>, filter: () => GridFilter): PagedList<GridLine> {
  const read = async (limit: number, after?: string): Promise<{ lines: GridLine[]; next: string | null }> => {
    const { grids, next } = await readGrids({ ...filter(), limit, after }, api)
    return { lines: grids.map((one) => ({ ...one, id: one.grid })), next }
  }
  return useToldPages(live, filter, read, { what: 'grid', page: PAGE, most: 500, gatherMs: 300 })
}
