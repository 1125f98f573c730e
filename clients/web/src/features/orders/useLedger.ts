/** The ledger by filters, page by page, what is late first; what changes while it is looked at is read again. */
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'

import { explanation } from '@/i18n/explain'
import type { Api } from '@/protocol/api'
import { type LedgerQuery, readLedger } from '@/protocol/ordersApi'
import type { OrderLedger, OrderLine, OrderNumbering, OrderSums } from '@/protocol/types'
import type { Live } from '@/state/live'

export type LedgerFilter = Pick<LedgerQuery, 'state' | 'side' | 'center' | 'priority' | 'supervised' | 'q'>

export interface Ledger {
  readonly rows: Readonly<Ref<readonly OrderLine[]>>
  readonly sums: Readonly<Ref<OrderSums | null>>
  readonly numbering: Readonly<Ref<OrderNumbering | undefined>>
  /** When it was read, by the hub's clock. */
  readonly at: Readonly<Ref<string | undefined>>
  readonly more: Readonly<Ref<boolean>>
  readonly reading: Readonly<Ref<boolean>>
  /** Message key of why it could not be read. */
  readonly problem: Readonly<Ref<string | undefined>>
  readMore: () => Promise<void>
  again: () => Promise<void>
}

const PAGE = 50
const MOST = 200
/** So long (ms) after a change it is read again: a thousand receipts are a few reads. */
const GATHER_MS = 1_500

export function useLedger(live: Pick<Live, 'socket'>, api: Pick<Api, 'call'>, filter: () => LedgerFilter): Ledger {
  const rows = shallowRef<readonly OrderLine[]>([])
  const page = shallowRef<OrderLedger>()
  const sums = shallowRef<OrderSums | null>(null)
  const reading = ref(true)
  const problem = ref<string>()
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(limit: number, before?: string): Promise<void> {
    turn += 1
    const mine = turn
    reading.value = true
    try {
      const found = await readLedger(api, { ...filter(), limit, ...(before === undefined ? {} : { before }) })
      if (mine !== turn) return
      rows.value = before === undefined ? found.orders : [...rows.value, ...found.orders]
      page.value = found
      if (found.sums !== null) sums.value = found.sums
      problem.value = undefined
    } catch (error) {
      if (mine === turn) problem.value = explanation(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }
  /** As far as it was read, from the first one. */
  const again = async (): Promise<void> => read(Math.min(MOST, Math.max(PAGE, rows.value.length)))

  const offs = [
    live.socket.on('changed', (event) => {
      if (event.what !== 'order' && event.what !== 'gridtask') return
      timer ??= setTimeout(() => {
        timer = undefined
        void again()
      }, GATHER_MS)
    }),
    live.socket.on('hello', () => void again()),
  ]
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const off of offs) off()
  })
  watch(
    () => JSON.stringify(filter()),
    () => {
      rows.value = []
      page.value = undefined
      void read(PAGE)
    },
    { immediate: true },
  )
  return {
    rows,
    sums,
    numbering: computed(() => page.value?.numbering),
    at: computed(() => page.value?.at),
    more: computed(() => typeof page.value?.next === 'string'),
    reading,
    problem,
    readMore: async () => read(PAGE, page.value?.next ?? undefined),
    again,
  }
}
