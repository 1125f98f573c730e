/** Things by filters, page by page; read anew where the hub tells that some of them changed. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Live } from '@/state/live'

/** One page: its lines, and from where the following one goes on. */
export interface Page<Line, Mark> {
  readonly lines: readonly Line[]
  readonly next: Mark | null
}

export interface PagedList<Line> {
  readonly rows: Readonly<Ref<readonly Line[]>>
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why they could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  readMore: () => Promise<void>
  again: () => Promise<void>
}

export interface Paging {
  /** What `changed` calls them. */
  readonly what: string
  readonly page: number
  /** So many are read again at once. */
  readonly most: number
  /** So long (ms) changes are gathered before it is read again. */
  readonly gatherMs: number
}

/** `filter` is what `read` asks by: where it changes, it begins anew. */
export function useToldPages<Line, Mark>(live: Pick<Live, 'socket'>, filter: () => object, read: (limit: number, from?: Mark) => Promise<Page<Line, Mark>>, paging: Paging): PagedList<Line> {
  const rows = shallowRef<readonly Line[]>([])
  const next = shallowRef<Mark | null>(null)
  const more = ref(false)
  const reading = ref(true)
  const problem = ref<string>()
  let turn = 0
  let gathering: ReturnType<typeof setTimeout> | undefined

  async function bring(limit: number, from?: Mark): Promise<void> {
    const mine = (turn += 1)
    reading.value = true
    try {
      const found = await read(limit, from)
      if (mine !== turn) return
      rows.value = from === undefined ? found.lines : [...rows.value, ...found.lines]
      next.value = found.next
      more.value = found.next !== null
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  const again = async (): Promise<void> => bring(Math.min(paging.most, Math.max(paging.page, rows.value.length)))
  function later(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined
      void again()
    }, paging.gatherMs)
  }
  watch(filter, () => void bring(paging.page), { immediate: true, deep: true })
  const offs = [
    live.socket.on('hello', later),
    live.socket.on('changed', ({ what }) => {
      if (what === paging.what) later()
    }),
  ]
  onScopeDispose(() => {
    turn += 1
    clearTimeout(gathering)
    for (const off of offs) off()
  })
  return {
    rows, more, reading, problem, again,
    readMore: async () => {
      if (next.value !== null && !reading.value) await bring(paging.page, next.value)
    },
  }
}
