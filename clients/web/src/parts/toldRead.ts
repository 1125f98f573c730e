/** What the hub knows of one kind of thing, read at each greeting and whenever it tells that something of them has changed. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { Refused } from '@/protocol/refusal'
import type { ChangedEvent } from '@/protocol/types'
import type { Live } from '@/state/live'

/** So long (ms) changes are gathered before it is read again. */
const GATHER_MS = 300
const RETRY_MS = 3_000

export interface ToldRead<T> {
  readonly value: Readonly<Ref<T | undefined>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  /** There is none, for this person. */
  readonly gone: Readonly<Ref<boolean>>
  again: () => Promise<void>
}

/** In the scope of who shows it. `which`: the kind of document; `about`: whether what changed (an id) matters here; `key`: read anew when it is another. */
export function useToldRead<T>(live: Pick<Live, 'socket'>, which: ChangedEvent['what'], read: () => Promise<T>, { about = () => true, key = () => '' }: { about?: (id: string) => boolean; key?: () => string } = {}): ToldRead<T> {
  const value = shallowRef<T>()
  const problem = ref<string>()
  const gone = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function again(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    turn += 1
    const mine = turn
    try {
      const found = await read()
      if (mine !== turn) return
      value.value = found
      problem.value = undefined
      gone.value = false
    } catch (error) {
      if (mine !== turn) return
      problem.value = explanation(error)
      gone.value = error instanceof Refused && error.code === 'not_found'
      if (!(error instanceof Refused)) timer = setTimeout(() => void again(), RETRY_MS)
    }
  }
  const offs = [
    live.socket.on('hello', () => void again()),
    live.socket.on('changed', ({ what, id }) => {
      if (what === which && about(id)) timer ??= setTimeout(() => void again(), GATHER_MS)
    }),
  ]
  watch(key, () => {
    value.value = undefined
    void again()
  })
  void again()
  onScopeDispose(() => {
    turn += 1
    clearTimeout(timer)
    for (const off of offs) off()
  })
  return { value, problem, gone, again }
}
