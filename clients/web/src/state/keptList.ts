/** What is kept by name outside meetings (groups, layouts): read at each greeting and when the hub says that one has changed. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import type { Live } from './live'

export interface KeptList<T> {
  /** Undefined before they were read. */
  readonly all: Readonly<Ref<readonly T[] | undefined>>
  /** Why they could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
}

const RETRY_MS = 3000

/** `what`: as `changed` names one of them. Lives as long as the calling scope. */
export function keptList<T>(live: Pick<Live, 'socket'>, what: string, read: () => Promise<readonly T[]>): KeptList<T> {
  const all = shallowRef<readonly T[]>()
  const failure = shallowRef<unknown>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function load(): Promise<void> {
    clearTimeout(timer)
    const mine = (asked += 1)
    try {
      const found = await read()
      // a later question has the newer answer
      if (mine !== asked) return
      all.value = found
      failure.value = undefined
    } catch (error) {
      if (mine !== asked) return
      failure.value = error
      timer = setTimeout(() => void load(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void load()),
    live.socket.on('changed', (event) => {
      if (event.what === what) void load()
    }),
  ]
  void load()
  onScopeDispose(() => {
    asked += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { all, failure }
}
