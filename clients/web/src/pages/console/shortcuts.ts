/** Which key does what at a meeting's desk, in one table: the help page and the listener read the same. */
import { SHORTCUTS as OF_FEATURES } from '@/features/console'
import type { Shortcut } from '@/features/contract'

import { meaningIn, OWN } from './ownShortcuts'

export const SHORTCUTS: readonly Shortcut[] = [...OF_FEATURES, ...OWN].sort((a, b) => a.place - b.place)

/** What a pressed key means, of the page itself and of all features. */
export function meaning(event: KeyboardEvent): ReturnType<typeof meaningIn> {
  return meaningIn(SHORTCUTS, event)
}

/** How a shortcut is written on its key. */
export function shownFor(does: string | undefined): string | undefined {
  const found = SHORTCUTS.find((one) => one.does === does)
  return found === undefined || found.shift === true ? undefined : found.shown
}
