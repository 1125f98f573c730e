/** The parts of one meeting as the hub tells them: whole values and rows by key, the newest of each, as refs. */
import { type Ref, type ShallowRef, shallowRef } from 'vue'

import type { PartEvent, Parts } from '@/protocol/types'

import type { Frame } from './frame'

type Keyed = { [K in keyof Parts]: Parts[K] extends { rows: object } ? K : never }[keyof Parts]
type Whole = Exclude<keyof Parts, Keyed>
type RowOf<K extends Keyed> = Parts[K]['rows'][string]

export interface PartStore {
  /** A part that is told as a whole; undefined before it is known. */
  value: <K extends Whole>(name: K) => Readonly<Ref<Parts[K] | undefined>>
  /** The rows of a part that is told row by row. */
  rows: <K extends Keyed>(name: K) => Readonly<Ref<ReadonlyMap<string, RowOf<K>>>>
  /** What one may do in the meeting. */
  readonly can: Readonly<Ref<ReadonlySet<string>>>
  /** All parts as of this seq, in place of what is known. Shown at once. */
  settle: (seq: number, parts: Readonly<Record<string, unknown>>, can: readonly string[]) => void
  /** A change; an older one than what is known changes nothing. Shown with the next picture. */
  take: (event: PartEvent) => void
  allow: (can: readonly string[]) => void
}

/** A part in the hand: a value, or rows with the seq of each that is newer than `seq`, also of those that are gone. */
interface Held {
  seq: number
  value: unknown
  rows: Map<string, unknown> | undefined
  newer: Map<string, number>
}

const NO_ROWS: ReadonlyMap<string, unknown> = new Map()

function rowsIn(part: unknown): Record<string, unknown> | undefined {
  const rows = typeof part === 'object' && part !== null && 'rows' in part ? part.rows : undefined
  return typeof rows === 'object' && rows !== null ? (rows as Record<string, unknown>) : undefined
}

export function partStore(frame: Frame): PartStore {
  const held = new Map<string, Held>()
  const values = new Map<string, ShallowRef<unknown>>()
  const tables = new Map<string, ShallowRef<ReadonlyMap<string, unknown>>>()
  const can = shallowRef<ReadonlySet<string>>(new Set())
  const stale = new Set<string>()
  let settled = 0

  function valueRef(name: string): ShallowRef<unknown> {
    const known = values.get(name) ?? shallowRef<unknown>(held.get(name)?.value)
    values.set(name, known)
    return known
  }
  function rowsRef(name: string): ShallowRef<ReadonlyMap<string, unknown>> {
    const known = tables.get(name) ?? shallowRef<ReadonlyMap<string, unknown>>(new Map(held.get(name)?.rows))
    tables.set(name, known)
    return known
  }
  function show(): void {
    for (const name of stale) {
      const part = held.get(name)
      if (part?.rows === undefined) valueRef(name).value = part?.value
      if (part?.rows !== undefined || tables.has(name)) rowsRef(name).value = new Map(part?.rows ?? NO_ROWS)
    }
    stale.clear()
  }
  function putRow(part: Held, key: string, row: unknown, seq: number): void {
    part.newer.set(key, seq)
    if (row === null) part.rows?.delete(key)
    else part.rows?.set(key, row)
  }

  return {
    value: (name) => valueRef(name) as never,
    rows: (name) => rowsRef(name) as never,
    can,
    settle(seq, parts, allowed) {
      for (const name of [...held.keys(), ...Object.keys(parts)]) stale.add(name)
      settled = seq
      held.clear()
      for (const [name, value] of Object.entries(parts)) {
        const rows = rowsIn(value)
        held.set(name, { seq, value, rows: rows && new Map(Object.entries(rows)), newer: new Map() })
      }
      can.value = new Set(allowed)
      show()
    },
    take({ name, seq, value = null, rows = null }) {
      if (seq <= settled) return
      const known = held.get(name)
      if (rows === null) {
        if (value === null || (known !== undefined && known.seq > seq)) return
        held.set(name, { seq, value, rows: undefined, newer: new Map() })
      } else {
        const part: Held = known?.rows === undefined ? { seq: settled, value: undefined, rows: new Map(), newer: new Map() } : known
        held.set(name, part)
        for (const [key, row] of Object.entries(rows)) {
          if ((part.newer.get(key) ?? settled) <= seq) putRow(part, key, row, seq)
        }
      }
      stale.add(name)
      frame.soon(show)
    },
    allow(allowed) {
      can.value = new Set(allowed)
    },
  }
}
