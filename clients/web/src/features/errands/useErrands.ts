/** Errands by filters, page by page. */
import { type PagedList, useToldPages } from '@/parts/toldPages'
import { type Caller, type ErrandQuery, PAGE, readErrands } from '@/protocol/errandsApi'
import type { ErrandTold } from '@/protocol/types'
import type { Live } from '@/state/live'

export type ErrandLine = ErrandTold & { readonly id: string }
export type ErrandFilter = Omit<ErrandQuery, 'before' | 'limit'>

export function useErrands(api: Caller, live: Pick<Live, 'socket'>, filter: () => ErrandFilter): PagedList<ErrandLine> {
  const read = async (limit: number, before?: number): Promise<{ lines: ErrandLine[]; next: number | null }> => {
    const { errands, next } = await readErrands({ ...filter(), limit, before }, api)
    return { lines: errands.map((one) => ({ ...one, id: one.errand })), next }
  }
  return useToldPages(live, filter, read, { what: 'errand', page: PAGE, most: 200, gatherMs: 500 })
}
