/**
 * What a station found out, on its way to the hub: held for a moment to be taken back, kept in the browser while the line is away,
 * sent in small batches under ids made here, so that each counts once however often it is sent.
 */
import { computed, type Ref, ref } from 'vue'

import { newCommandId } from '@/protocol/ids'
import { Refused } from '@/protocol/refusal'
import type { BroughtResult, ResultsBrought, ResultsTaken } from '@/protocol/types'

/** So long (ms) a result can be taken back. */
export const HOLD_MS = 4000
/** Results of one batch, and the pause (ms) before a batch that met no hub is tried again. */
const MOST = 20
const AGAIN_MS = 3000
/** The hub cannot take it now; it will. */
const LATER: readonly string[] = ['unavailable', 'too_many', 'unauthenticated']

export interface Waiting {
  readonly clearing: string
  readonly result: BroughtResult
  /** ms since 1970; from then on it is sent. */
  readonly from: number
}
interface Batch extends ResultsBrought {
  readonly clearing: string
}
interface Kept {
  readonly waiting: readonly Waiting[]
  readonly batch: Batch | null
}
export interface Failure {
  readonly clearing: string
  readonly row: number
  readonly error: Refused
}

export interface ResultQueue {
  readonly waiting: Readonly<Ref<readonly Waiting[]>>
  /** Results that the hub does not have, those on their way included. */
  readonly count: Readonly<Ref<number>>
  /** What the hub said no to, newest last. */
  readonly failures: Readonly<Ref<readonly Failure[]>>
  /** The result of a row that is not in the hub yet. */
  of: (clearing: string, row: number) => BroughtResult | undefined
  /** Whether it can still be taken back. */
  held: (clearing: string, row: number) => boolean
  put: (clearing: string, result: BroughtResult) => void
  takeBack: (clearing: string, row: number) => void
  /** Try now: the line is back. */
  wake: () => void
  end: () => void
}

export function makeQueue(place: {
  readonly key: string
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  readonly send: (clearing: string, results: ResultsBrought) => Promise<ResultsTaken>
  /** These results stand in the hub, as of this entry. */
  readonly sent: (clearing: string, results: readonly BroughtResult[], seq: number) => void
  readonly newId?: () => string
}): ResultQueue {
  const newId = place.newId ?? newCommandId
  const before = read(place.storage.getItem(place.key))
  const waiting = ref<readonly Waiting[]>(before.waiting)
  const batch = ref<Batch | null>(before.batch)
  const failures = ref<readonly Failure[]>([])
  /** Of a batch that was refused: each of its results is sent by itself. */
  const single = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let busy = false
  let over = false

  const nameOf = (one: Waiting): string => `${one.clearing} ${String(one.result.row)}`
  const isOf = (one: Waiting, clearing: string, row: number): boolean => one.clearing === clearing && one.result.row === row

  function keep(): void {
    if (waiting.value.length === 0 && batch.value === null) place.storage.removeItem(place.key)
    else place.storage.setItem(place.key, JSON.stringify({ waiting: waiting.value, batch: batch.value }))
  }
  function plan(ms: number): void {
    clearTimeout(timer)
    if (!over) timer = setTimeout(() => void flush(), ms)
  }
  /** The oldest that may go, and others of its list. */
  function nextBatch(): Batch | null {
    const ready = waiting.value.filter((one) => one.from <= Date.now())
    const first = ready[0]
    if (first === undefined) return null
    const those = single.has(nameOf(first)) ? [first] : ready.filter((one) => one.clearing === first.clearing && !single.has(nameOf(one))).slice(0, MOST)
    waiting.value = waiting.value.filter((one) => !those.includes(one))
    return { id: newId(), clearing: first.clearing, results: those.map((one) => one.result) }
  }
  async function flush(): Promise<void> {
    if (busy || over) return
    busy = true
    try {
      while ((batch.value ??= nextBatch()) !== null) {
        keep()
        const { clearing, ...results } = batch.value
        let seq = 0
        try {
          seq = (await place.send(clearing, results)).seq
        } catch (error) {
          if (!(error instanceof Refused) || LATER.includes(error.code)) {
            plan(AGAIN_MS)
            return
          }
          refused(clearing, results.results, error)
          continue
        }
        batch.value = null
        keep()
        place.sent(clearing, results.results, seq)
      }
    } finally {
      busy = false
    }
    const from = Math.min(...waiting.value.map((one) => one.from))
    if (Number.isFinite(from)) plan(Math.max(0, from - Date.now()))
  }
  /** Nothing of the batch was taken. One wrong result keeps the others from nothing. */
  function refused(clearing: string, results: readonly BroughtResult[], error: Refused): void {
    if (results.length > 1) {
      const again = results.map((result) => ({ clearing, result, from: 0 }))
      for (const one of again) single.add(nameOf(one))
      waiting.value = [...again, ...waiting.value]
    } else {
      failures.value = [...failures.value, ...results.map(({ row }) => ({ clearing, row, error }))]
    }
    batch.value = null
    keep()
  }

  if (waiting.value.length > 0 || batch.value !== null) plan(0)
  return {
    waiting,
    count: computed(() => waiting.value.length + (batch.value?.results.length ?? 0)),
    failures,
    of: (clearing, row) => waiting.value.find((one) => isOf(one, clearing, row))?.result ?? (batch.value?.clearing === clearing ? batch.value.results.find((one) => one.row === row) : undefined),
    held: (clearing, row) => waiting.value.some((one) => isOf(one, clearing, row)),
    put(clearing, result) {
      failures.value = failures.value.filter((one) => one.clearing !== clearing || one.row !== result.row)
      waiting.value = [...waiting.value.filter((one) => !isOf(one, clearing, result.row)), { clearing, result, from: Date.now() + HOLD_MS }]
      keep()
      if (!busy) plan(HOLD_MS)
    },
    takeBack(clearing, row) {
      waiting.value = waiting.value.filter((one) => !isOf(one, clearing, row))
      keep()
    },
    wake: () => void flush(),
    end() {
      over = true
      clearTimeout(timer)
    },
  }
}

function read(text: string | null): Kept {
  const nothing: Kept = { waiting: [], batch: null }
  if (text === null) return nothing
  try {
    const found = JSON.parse(text) as Partial<Kept>
    return Array.isArray(found.waiting) ? { waiting: found.waiting, batch: found.batch ?? null } : nothing
  } catch {
    return nothing
  }
}
