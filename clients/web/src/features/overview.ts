/** What all features bring to 总览. */
import type { Shell } from '@/state/shell'

import type { OnOverview, OverviewPart } from './rooms.contract'

const PARTS = Object.values(import.meta.glob<OverviewPart>('./*/overview.ts', { eager: true, import: 'default' }))

/** Call it once for the page, in its scope. */
export function furnishOverview(shell: Shell): OnOverview {
  const all = PARTS.map((part) => part.overview(shell) ?? {})
  return {
    figures: () => all.flatMap((one) => one.figures?.() ?? []).sort((a, b) => a.place - b.place),
    cards: all.flatMap((one) => one.cards ?? []).sort((a, b) => a.place - b.place),
  }
}
