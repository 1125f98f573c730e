/** Documents of one kind by id, in order: kept by what the hub tells of them, read where it only says that they changed. */
import { type Ref, shallowRef } from 'vue'

import { Refused } from '@/protocol/refusal'
import type { ChangedEvent } from '@/protocol/types'

import type { Frame } from './frame'

export interface DocumentStore<T extends { id: string }> {
  /** All that is known, in order. */
  readonly list: Readonly<Ref<readonly T[]>>
  get: (id: string) => T | undefined
  /** What the hub lists as of this seq; what is known to be newer stays. Shown at once. `rest`: what to do with one that it does not list. */
  settle: (documents: readonly T[], seq: number, rest?: (document: T) => Rest) => void
  /** A page of a longer list: what is not known yet is added. Shown with the next picture. */
  insert: (documents: readonly T[]) => void
  /** A change; an older one than what is known changes nothing. False where it has to be read and this store cannot. */
  take: (event: ChangedEvent) => boolean
  stop: () => void
}

export type Rest = 'forget' | 'keep' | 'read'

export interface DocumentRules<T> {
  /** What it is sorted by, the smallest first: its moment. */
  readonly at: (document: T) => string
  /** The document with these rows in place. */
  readonly patch?: (document: T, rows: NonNullable<ChangedEvent['rows']>) => T
  /** Reads documents by id; those that are not found are left out. Raises Refused or Unreachable. */
  readonly read?: (ids: readonly string[]) => Promise<readonly T[]>
  /** Whether a document that is not known yet, or is new, belongs here. Default: each does. */
  readonly wants?: (event: ChangedEvent) => boolean
}

/** A document in the hand; one that is gone is remembered, so that an older word of it does not bring it back. */
interface Held<T> {
  document: T | undefined
  /** As of which entry it was told or read as a whole. */
  seq: number
  /** The newest entry of which rows were put in. */
  newest: number
  rows: Map<string, number> | undefined
}

/** So long (ms) changes of the same documents are gathered before they are read. */
const GATHER_MS = 100
const RETRY_MS = 2000
/** So many are read at a time. */
const MOST_READ = 20

/** By code units: moments and ids are plain ASCII, and lists are long. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

export function documentStore<T extends { id: string }>(frame: Frame, rules: DocumentRules<T>): DocumentStore<T> {
  const held = new Map<string, Held<T>>()
  const list = shallowRef<readonly T[]>([])
  /** What is to be read, and as of which entry at least. */
  const wanted = new Map<string, number>()
  let settled = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false
  let stopped = false

  function show(): void {
    const known = [...held.values()].flatMap(({ document }) => (document === undefined ? [] : [document]))
    list.value = known.sort((one, other) => compare(rules.at(one), rules.at(other)) || compare(one.id, other.id))
  }
  function put(id: string, document: T | undefined, seq: number): void {
    held.set(id, { document, seq, newest: seq, rows: undefined })
  }

  function want(id: string, seq: number, ms = GATHER_MS): boolean {
    if (rules.read === undefined) return false
    wanted.set(id, Math.max(wanted.get(id) ?? 0, seq))
    if (timer === undefined && !reading && !stopped) timer = setTimeout(() => void read(), ms)
    return true
  }
  async function read(): Promise<void> {
    timer = undefined
    if (wanted.size === 0) return
    const asked = [...wanted].slice(0, MOST_READ)
    for (const [id] of asked) wanted.delete(id)
    reading = true
    let delay = GATHER_MS
    try {
      const ids = asked.map(([id]) => id)
      const found = new Map((await rules.read?.(ids))?.map((one) => [one.id, one]))
      for (const [id, seq] of asked) answered(id, found.get(id), seq)
      frame.soon(show)
    } catch (error) {
      // a no will not become a yes by asking again
      if (!(error instanceof Refused) || error.code === 'unavailable' || error.code === 'too_many') {
        for (const [id, seq] of asked) wanted.set(id, Math.max(wanted.get(id) ?? 0, seq))
        delay = RETRY_MS
      }
    }
    reading = false
    for (const [id, seq] of wanted) want(id, seq, delay)
  }
  /** It was asked for when nothing newer than `seq` was known: what came since may be in the answer or not. */
  function answered(id: string, document: T | undefined, seq: number): void {
    const known = held.get(id)
    if (known !== undefined && known.seq > seq) return
    const newer = known !== undefined && known.newest > seq ? known.newest : undefined
    if (newer === undefined || known?.document === undefined) put(id, document, seq)
    if (newer !== undefined) want(id, newer)
  }

  function takeRows(event: ChangedEvent, known: Held<T>): boolean {
    const { id, seq } = event
    const rows = event.rows ?? {}
    if (known.document === undefined) return known.seq >= seq || want(id, seq)
    const fresh = Object.entries(rows).filter(([key]) => (known.rows?.get(key) ?? known.seq) < seq)
    if (fresh.length === 0 || rules.patch === undefined) return rules.patch !== undefined || want(id, seq)
    known.rows ??= new Map()
    for (const [key] of fresh) known.rows.set(key, seq)
    known.document = rules.patch(known.document, Object.fromEntries(fresh))
    known.newest = Math.max(known.newest, seq)
    frame.soon(show)
    return true
  }

  return {
    list,
    get: (id) => held.get(id)?.document,
    settle(documents, seq, rest = () => 'forget') {
      // a hub that was put back to an older state counts on from there
      if (seq < settled) held.clear()
      settled = seq
      const listed = new Set(documents.map((one) => one.id))
      for (const [id, known] of held) {
        if (listed.has(id) || known.newest > seq) continue
        const then = known.document === undefined ? 'forget' : rest(known.document)
        if (then === 'forget') held.delete(id)
        if (then === 'read') want(id, seq)
      }
      for (const document of documents) {
        const known = held.get(document.id)
        if ((wanted.get(document.id) ?? Infinity) <= seq) wanted.delete(document.id)
        if (known !== undefined && known.seq > seq) continue
        put(document.id, document, seq)
        if (known !== undefined && known.newest > seq) want(document.id, known.newest)
      }
      show()
    },
    insert(documents) {
      for (const document of documents) if (!held.has(document.id)) put(document.id, document, settled)
      frame.soon(show)
    },
    take(event) {
      const { id, seq, value = null, rows = null } = event
      const known = held.get(id)
      if (seq <= settled) return true
      if (known === undefined && rules.wants?.(event) === false) return true
      if (value !== null) {
        if (known !== undefined && known.seq >= seq) return true
        // rows that are newer than the whole are known: neither alone is the truth
        if (known !== undefined && known.newest > seq) return want(id, known.newest)
        put(id, value as unknown as T, seq)
        frame.soon(show)
        return true
      }
      if (known !== undefined && rows !== null) return takeRows(event, known)
      return (known !== undefined && known.seq >= seq) || want(id, seq)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      wanted.clear()
    },
  }
}
