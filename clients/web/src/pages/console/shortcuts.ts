/** Which key does what on the console, in one table: the help page and the listener read the same. */

export const SHORTCUTS = [
  { key: ' ', shown: 'Space', does: 'talk' },
  { key: 'k', shown: 'K', does: 'microphone' },
  { key: 'v', shown: 'V', does: 'camera' },
  { key: 's', shown: 'S', does: 'share' },
  { key: 'o', shown: 'O', does: 'order' },
  { key: 'd', shown: 'D', does: 'decision' },
  { key: 'n', shown: 'N', does: 'note' },
  { key: 'b', shown: 'B', does: 'broadcast' },
  { key: 'm', shown: 'M', does: 'mute' },
  { key: 'l', shown: 'L', does: 'look' },
  { key: 'r', shown: 'R', does: 'record' },
  { key: 'x', shown: 'X', does: 'lines' },
  { key: 'w', shown: 'W', does: 'wall' },
  { key: 'c', shown: 'C Enter', does: 'convene' },
  { key: '/', shown: '/', does: 'search' },
  { key: 'e', shown: '⇧E', does: 'end' },
  { key: '1-9', shown: '1–9', does: 'tile' },
  { key: 'tabs', shown: 'Alt 1–6', does: 'tabs' },
  { key: 'escape', shown: 'Esc', does: 'back' },
  { key: '?', shown: '?', does: 'help' },
] as const

export type Does = (typeof SHORTCUTS)[number]['does']

/** Whether somebody writes there, or chooses: its keys are its own. */
function isField(at: EventTarget | null): at is HTMLElement {
  return at instanceof HTMLElement && at.closest('input, textarea, select, [contenteditable]') !== null
}

/** What a pressed key means: an action, with the number for tiles and tabs. Undefined while somebody writes. */
export function meaning(event: KeyboardEvent): { does: Does; number: number } | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return undefined
  const at = event.target
  if (isField(at) || (at instanceof HTMLElement && at.closest('dialog') !== null)) return undefined
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (number !== undefined && !event.shiftKey) {
    return { does: event.altKey ? 'tabs' : 'tile', number: Number(number) }
  }
  if (event.altKey) return undefined
  const key = event.key.toLowerCase()
  if (key === 'e' && !event.shiftKey) return undefined
  const found = SHORTCUTS.find((one) => one.key === key)
  return found === undefined ? undefined : { does: found.does, number: 0 }
}

/** Esc in a field leaves the field, and nothing else; true when it did. What was written stays. */
export function leavesField(event: KeyboardEvent): boolean {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return false
  const at = event.target
  if (!isField(at) || at.closest('dialog') !== null) return false
  event.preventDefault()
  at.blur()
  return true
}
