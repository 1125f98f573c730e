/** What the hub took of a station, until the station has read it back: a row does not fall back to what it was in between. */
import type { BroughtResult } from '@/protocol/types'

export interface Taken {
  readonly result: BroughtResult
  /** As of which entry the hub has it. */
  readonly seq: number
}

export function keyOf(clearing: string, row: number): string {
  return `${clearing} ${String(row)}`
}
