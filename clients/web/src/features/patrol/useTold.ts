/** What the hub knows of patrols, read anew whenever something of them has changed. */
import { type ToldRead, useToldRead } from '@/parts/toldRead'
import type { Live } from '@/state/live'

/** See `useToldRead`. */
export function useTold<T>(live: Pick<Live, 'socket'>, read: () => Promise<T>, more: Parameters<typeof useToldRead<T>>[3] = {}): ToldRead<T> {
  return useToldRead(live, 'patrol', read, more)
}
