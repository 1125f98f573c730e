/** The marks of a meeting, as they stand: read, and read again when an entry tells of one. */
import { computed, type ComputedRef, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import type { Api } from '@/protocol/api'
import { readMarks } from '@/protocol/reviewApi'
import type { Entry, Mark } from '@/protocol/types'

const RETRY_MS = 4_000

export interface MarksRead {
  /** By their moments; undefined until they were read. */
  readonly standing: ComputedRef<readonly Mark[] | undefined>
  /** How many were taken back. */
  readonly withdrawn: ComputedRef<number>
  /** Numbers of entries about marks that say no more what stands. */
  readonly overtaken: ComputedRef<ReadonlySet<number>>
  readonly problem: Readonly<Ref<unknown>>
}

const isOfMark = (entry: Entry): entry is Extract<Entry, { kind: 'mark.added' | 'mark.changed' | 'mark.withdrawn' }> =>
  entry.kind === 'mark.added' || entry.kind === 'mark.changed' || entry.kind === 'mark.withdrawn'

export function useMarks(api: Pick<Api, 'call'>, meeting: () => string | undefined, entries: Readonly<Ref<readonly Entry[]>>): MarksRead {
  const all = shallowRef<readonly Mark[]>()
  const problem = ref<unknown>(null)
  const told = computed(() => entries.value.filter(isOfMark))
  const last = computed(() => Math.max(0, ...told.value.map((entry) => entry.seq)))
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function read(): Promise<void> {
    clearTimeout(timer)
    const id = meeting()
    if (id === undefined) return
    try {
      const found = await readMarks(api, id)
      if (gone) return
      all.value = found
      problem.value = null
    } catch (error) {
      problem.value = error
      if (!gone) timer = setTimeout(() => void read(), RETRY_MS)
    }
  }
  watch([meeting, last], () => void read(), { immediate: true })
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  return {
    standing: computed(() => all.value?.filter((mark) => mark.withdrawn_at === null)),
    withdrawn: computed(() => (all.value ?? []).filter((mark) => mark.withdrawn_at !== null).length),
    overtaken: computed(() => {
      const stands = new Map((all.value ?? []).map((mark) => [mark.id, mark.withdrawn_at === null ? mark.seq : 0]))
      // one that was not read yet is shown: it was made a moment ago
      return new Set(told.value.filter((entry) => entry.kind === 'mark.withdrawn' || (stands.has(entry.data.mark) && entry.seq < (stands.get(entry.data.mark) || Infinity))).map((entry) => entry.seq))
    }),
    problem,
  }
}
