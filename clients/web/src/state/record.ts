/** The record of one meeting beside it: its newest entries by seq, put in once a frame; older ones are read when somebody asks. */
import { computed, type Ref, shallowRef } from 'vue'

import type { Entry } from '@/protocol/types'

import type { Frame } from './frame'

/** So many of the newest are kept by themselves. */
export const NEWEST = 2000
/** So many are read at a time. */
const PAGE = 500

/** The newest entries before a seq, in any order. */
export type ReadEntries = (before: number, limit: number) => Promise<readonly Entry[]>

export interface RecordStore {
  readonly entries: Readonly<Ref<readonly Entry[]>>
  /** Whether there are older ones than the first. */
  readonly older: Readonly<Ref<boolean>>
  /** Seq of the newest one, null before the first. */
  newest: () => number | null
  /** Entries in any order, also such as are known. */
  add: (entries: readonly Entry[]) => void
  /** Reads some of the older ones, and keeps them. Raises Refused or Unreachable. */
  readOlder: (read: ReadEntries) => Promise<void>
}

export function recordStore(frame: Frame): RecordStore {
  const entries = shallowRef<readonly Entry[]>([])
  const begun = shallowRef(false)
  let coming: Entry[] = []
  let most = NEWEST
  let reading = false

  function show(): void {
    if (coming.length === 0) return
    const known = entries.value
    const last = known.at(-1)?.seq ?? 0
    const all = coming.every((entry, at) => entry.seq > (coming[at - 1]?.seq ?? last)) ? [...known, ...coming] : merged(known, coming)
    coming = []
    if (all.length > most) begun.value = false
    entries.value = all.length > most ? all.slice(-most) : all
  }

  return {
    entries,
    older: computed(() => !begun.value && entries.value.length > 0 && entries.value[0]?.kind !== 'meeting.opened'),
    newest: () => {
      show()
      return entries.value.at(-1)?.seq ?? null
    },
    add(more) {
      coming.push(...more)
      if (more.length > 0) frame.soon(show)
    },
    async readOlder(read) {
      const first = entries.value[0]?.seq
      if (first === undefined || reading) return
      reading = true
      try {
        const found = await read(first, PAGE)
        if (found.length < PAGE) begun.value = true
        most += found.length
        coming.push(...found)
        show()
      } finally {
        reading = false
      }
    },
  }
}

/** Both by seq, each once. */
function merged(known: readonly Entry[], more: readonly Entry[]): Entry[] {
  const bySeq = new Map<number, Entry>()
  for (const entry of [...known, ...more]) bySeq.set(entry.seq, entry)
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq)
}
