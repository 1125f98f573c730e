/** Errands by filters, page by page; read anew where the hub tells that some of them changed. */
import { onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import { type Caller, type ErrandQuery, PAGE, readErrands } from '@/protocol/errandsApi'
import type { ErrandTold } from '@/protocol/types'
import type { Live } from '@/state/live'

/** So long (ms) changes are gathered before it is read again. */
const GATHER_MS = 500
const MOST = 200

export type ErrandLine = ErrandTold & { readonly id: string }
export type ErrandFilter = Omit<ErrandQuery, 'before' | 'limit'>

export interface ErrandList {
  readonly rows: Readonly<Ref<readonly ErrandLine[]>>
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why they could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  readMore: () => Promise<void>
  again: () => Promise<void>
}

export function useErrands(api: Caller, live: Pick<Live, 'socket'>, filter: () => ErrandFilter): ErrandList {
  const rows = shallowRef<readonly ErrandLine[]>([])
  const next = ref<number | null>(null)
  const more = ref(false)
  const reading = ref(true)
  const problem = ref<string>()
  let turn = 0
  let gathering: ReturnType<typeof setTimeout> | undefined

  async function read(limit: number, before?: number): Promise<void> {
    const mine = (turn += 1)
    reading.value = true
    try {
      const found = await readErrands({ ...filter(), limit, before }, api)
      if (mine !== turn) return
      const lines = found.errands.map((one) => ({ ...one, id: one.errand }))
      rows.value = before === undefined ? lines : [...rows.value, ...lines]
      next.value = found.next
      more.value = found.next !== null
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  const again = async (): Promise<void> => read(Math.min(MOST, Math.max(PAGE, rows.value.length)))
  function later(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined
      void again()
    }, GATHER_MS)
  }
  watch(filter, () => void read(PAGE), { immediate: true, deep: true })
  const offs = [
    live.socket.on('hello', later),
    live.socket.on('changed', ({ what }) => {
      if (what === 'errand') later()
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
      if (next.value !== null && !reading.value) await read(PAGE, next.value)
    },
  }
}
