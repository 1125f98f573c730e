/** A ledger that is read a page at a time, newest first, and told anew when something of it changes. */
import { computed, type ComputedRef, ref, shallowRef, watch } from 'vue'

import type { Live } from '@/state/live'

import { useTold } from './useTold'

/** So many lines at once. */
const PAGE = 50

export interface Page<R, C> {
  readonly rows: readonly R[]
  /** What the following page is asked for by; null: there is none. */
  readonly next: C | null
}

export interface Paged<R> {
  readonly rows: ComputedRef<readonly R[]>
  readonly more: ComputedRef<boolean>
  readonly reading: ComputedRef<boolean>
  /** Message key of why nothing could be read. */
  readonly problem: ComputedRef<string | undefined>
  readMore: () => Promise<void>
  again: () => void
}

/** In the scope of who shows it. `key`: what is wanted, in a word; when it changes the ledger is read anew. */
export function usePaged<R, C>(live: Pick<Live, 'socket'>, key: () => string, read: (limit: number, before?: C) => Promise<Page<R, C>>): Paged<R> {
  const told = useTold(live, () => read(PAGE), { key })
  const older = shallowRef<readonly R[]>([])
  const next = shallowRef<C | null>(null)
  const going = ref(false)
  watch(told.value, (found) => {
    older.value = []
    next.value = found?.next ?? null
  })
  return {
    rows: computed(() => [...(told.value.value?.rows ?? []), ...older.value]),
    more: computed(() => next.value !== null),
    reading: computed(() => going.value || (told.value.value === undefined && told.problem.value === undefined)),
    problem: computed(() => (told.value.value === undefined ? told.problem.value : undefined)),
    again: () => void told.again(),
    async readMore() {
      const [before, asked] = [next.value, key()]
      if (before === null || going.value) return
      going.value = true
      // what cannot be read stays one press away
      const found = await read(PAGE, before).catch(() => undefined)
      going.value = false
      if (found === undefined || asked !== key()) return
      older.value = [...older.value, ...found.rows]
      next.value = found.next
    },
  }
}
