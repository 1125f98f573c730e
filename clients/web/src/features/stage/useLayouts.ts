/** The layouts that one's center keeps: read at each greeting and when the hub says that one has changed. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { readLayouts } from '@/protocol/layoutsApi'
import type { KeptLayout } from '@/protocol/types'
import type { Live } from '@/state/live'

export interface LayoutList {
  /** Undefined before they were read. */
  readonly all: Readonly<Ref<readonly KeptLayout[] | undefined>>
  /** Why they could not be read, while that is so. */
  readonly failure: Readonly<Ref<unknown>>
}

const RETRY_MS = 3000

/** Lives as long as the calling scope. */
export function useLayouts(live: Pick<Live, 'socket'>, read: () => Promise<readonly KeptLayout[]> = () => readLayouts()): LayoutList {
  const all = shallowRef<readonly KeptLayout[]>()
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
      if (event.what === 'layout') void load()
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
