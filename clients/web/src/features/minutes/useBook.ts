/** The minutes of one meeting as they stand: read, and read again when the hub tells that they changed. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { type Caller, readBook } from '@/protocol/minutesApi'
import type { MinutesBook } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface Book {
  /** Undefined until it was read. */
  readonly book: Readonly<Ref<MinutesBook | undefined>>
  readonly failure: Readonly<Ref<unknown>>
  /** Read it (again); a failure stands in `failure`. */
  read: () => Promise<void>
}

export function useBook(live: Pick<Live, 'socket'>, api: Caller, meeting: string): Book {
  const book = shallowRef<MinutesBook>()
  const failure = shallowRef<unknown>()
  let asked = 0
  async function read(): Promise<void> {
    const mine = (asked += 1)
    try {
      const found = await readBook(api, meeting)
      if (mine !== asked) return
      book.value = found
      failure.value = undefined
    } catch (error) {
      if (mine === asked) failure.value = error
    }
  }
  const offs = [
    live.socket.on('hello', () => void read()),
    live.socket.on('changed', (event) => {
      if (event.what === 'minutes' && event.id === meeting) void read()
    }),
  ]
  onScopeDispose(() => {
    asked += 1
    for (const off of offs) off()
  })
  void read()
  return { book, failure, read }
}
