/** What all features bring to a meeting's desk, put together: one list of shortcuts, of tabs, of keys. */
import type { BarKey, ConsoleDesk, ConsolePart, Figure, Key, OnDesk, PersonKey, Shortcut, Shown, Tab } from './contract'
import { isOutOfKey } from './about'
import type { Participant } from '@/protocol/types'

const PARTS = Object.values(import.meta.glob<ConsolePart>('./*/console.ts', { eager: true, import: 'default' }))

interface Placed {
  readonly place: number
}
function inOrder<T extends Placed>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => a.place - b.place)
}

/** Of all features. */
export const SHORTCUTS: readonly Shortcut[] = inOrder(PARTS.flatMap((part) => part.shortcuts ?? []))

/** The desk as all features and the page itself have furnished it. */
export interface Furnished {
  readonly tabs: readonly Tab[]
  readonly keys: () => readonly BarKey[]
  readonly about: (person: Participant | undefined) => readonly PersonKey[]
  readonly over: readonly Shown[]
  readonly aboveStage: readonly Shown[]
  readonly onStage: readonly Shown[]
  readonly wants: () => readonly string[]
  readonly figures: () => readonly Figure[]
  readonly stays: () => readonly string[]
  readonly waiting: () => number
  readonly spoken: () => string
  /** What a shortcut does now; undefined where it has no meaning. */
  readonly act: (does: string) => (() => void) | undefined
}

/** `own`: what the page itself has on the desk. Call it once for a desk, in its scope. */
export function furnish(desk: ConsoleDesk, own: OnDesk): Furnished {
  const all = [own, ...PARTS.map((part) => part.desk?.(desk) ?? {})]
  const may = ({ needs }: Pick<Key, 'needs'>): boolean =>
    needs === undefined || desk.room.can.value.has(needs) || desk.live.can.value.has(needs)
  const keys = (): readonly BarKey[] => inOrder(all.flatMap((one) => one.keys?.() ?? []).filter(may))
  const about = (person: Participant | undefined): readonly PersonKey[] =>
    inOrder(all.flatMap((one) => one.about?.(person) ?? []).filter(may)).map((key) =>
      person !== undefined && isOutOfKey(person, key) ? { ...key, disabled: true } : key,
    )
  return {
    tabs: inOrder(all.flatMap((one) => one.tabs ?? [])),
    keys,
    about,
    over: all.flatMap((one) => one.over ?? []),
    aboveStage: all.flatMap((one) => one.aboveStage ?? []),
    onStage: all.flatMap((one) => one.onStage ?? []),
    wants: () => all.flatMap((one) => one.wants?.() ?? []),
    figures: () => inOrder(all.flatMap((one) => one.figures?.() ?? [])),
    stays: () => inOrder(all.flatMap((one) => one.stays?.() ?? [])).map((one) => one.text),
    waiting: () => all.reduce((sum, one) => sum + (one.waiting?.() ?? 0), 0),
    spoken: () => all.map((one) => one.spoken?.() ?? '').find((words) => words !== '') ?? '',
    act(does) {
      for (const one of all) if (one.acts?.[does] !== undefined) return one.acts[does]
      const key = keys().find((one) => one.does === does) ?? about(desk.person.value).find((one) => one.does === does && one.where !== 'tile')
      return key === undefined || key.disabled === true ? undefined : key.press
    },
  }
}
