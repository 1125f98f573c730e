/** What all features have in the frame around all rooms, put together. */
import type { Shell } from '@/state/shell'

import type { Shown } from './contract'
import type { Found, ShellFigure, ShellPart } from './rooms.contract'

const PARTS = Object.values(import.meta.glob<ShellPart>('./*/shell.ts', { eager: true, import: 'default' }))

export interface ShellFurnished {
  readonly strips: readonly Shown[]
  readonly over: readonly Shown[]
  readonly figures: () => readonly ShellFigure[]
  /** Each place that can be searched, by itself: one that fails or is slow keeps no other waiting. */
  readonly finders: readonly ((text: string) => readonly Found[] | Promise<readonly Found[]>)[]
  /** How much waits in the room at this path. */
  readonly count: (path: string) => number
  readonly waiting: () => number
}

/** Call it once for a frame, in its scope. */
export function furnishShell(shell: Shell): ShellFurnished {
  const all = PARTS.map((part) => part.shell(shell) ?? {})
  return {
    strips: all.flatMap((one) => one.strip ?? []),
    over: all.flatMap((one) => one.over ?? []),
    figures: () => all.flatMap((one) => one.figures?.() ?? []).sort((a, b) => a.place - b.place),
    finders: all.flatMap((one) => one.find ?? []),
    count: (path) => all.reduce((sum, one) => sum + (one.counts?.()[path] ?? 0), 0),
    waiting: () => all.reduce((sum, one) => sum + (one.waiting?.() ?? 0), 0),
  }
}
