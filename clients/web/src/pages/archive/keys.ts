/** Keys of the player: what a press means, unless somebody is writing. */

import type { Shortcut } from '@/features/contract'
import type { HelpKey } from '@/parts/accessories'

export type KeyAction =
  | { readonly do: 'toggle' }
  | { readonly do: 'move'; readonly ms: number }
  | { readonly do: 'step'; readonly direction: 1 | -1 }
  | { readonly do: 'rate'; readonly direction: 1 | -1 }
  | { readonly do: 'frame'; readonly direction: 1 | -1 }
  | { readonly do: 'feature'; readonly does: string }

const ACTIONS: Record<string, KeyAction> = {
  ' ': { do: 'toggle' },
  k: { do: 'toggle' },
  j: { do: 'move', ms: -10_000 },
  l: { do: 'move', ms: 10_000 },
  ArrowLeft: { do: 'move', ms: -10_000 },
  ArrowRight: { do: 'move', ms: 10_000 },
  ArrowUp: { do: 'step', direction: -1 },
  ArrowDown: { do: 'step', direction: 1 },
  '<': { do: 'rate', direction: -1 },
  '>': { do: 'rate', direction: 1 },
  ',': { do: 'frame', direction: -1 },
  '.': { do: 'frame', direction: 1 },
}
const WRITING = 'input:not([type=checkbox]), textarea, select, [contenteditable=true]'

/** With Shift the arrows move by one second. `more`: what features answer to. Null for keys of nobody. */
export function keyAction(event: KeyboardEvent, more: readonly Shortcut[] = []): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null
  const target = event.target
  if (target instanceof Element && target.matches(WRITING)) return null
  // The space bar on a key presses that key.
  if (event.key === ' ' && target instanceof Element && target.closest('button, a, summary')) return null
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const own = more.find((one) => one.key === name && (one.shift === true) === event.shiftKey)
  const action = ACTIONS[name] ?? (own ? { do: 'feature' as const, does: own.does } : null)
  if (action?.do === 'move' && event.shiftKey) return { do: 'move', ms: Math.sign(action.ms) * 1_000 }
  return action
}

/** For the help. */
export const HELP_KEYS: readonly HelpKey[] = [
  { shown: 'Space', says: 'account.help.does.toggle' },
  { shown: 'J L', says: 'account.help.does.move' },
  { shown: '⇧ ← →', says: 'account.help.does.second' },
  { shown: '↑ ↓', says: 'account.help.does.step' },
  { shown: '< >', says: 'account.help.does.rate' },
  { shown: ', .', says: 'account.help.does.frame' },
  { shown: '?', says: 'common.helpKey' },
]
