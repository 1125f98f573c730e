/** Which key does what on the console, in one table: the help page and the listener read the same. */

export const SHORTCUTS = [
  { key: 'o', shown: 'O', does: 'order' },
  { key: 'd', shown: 'D', does: 'decision' },
  { key: 'n', shown: 'N', does: 'note' },
  { key: 'b', shown: 'B', does: 'broadcast' },
  { key: 'm', shown: 'M', does: 'mute' },
  { key: 'l', shown: 'L', does: 'look' },
  { key: 'r', shown: 'R', does: 'record' },
  { key: 'k', shown: 'K', does: 'microphone' },
  { key: 'v', shown: 'V', does: 'camera' },
  { key: 's', shown: 'S', does: 'share' },
  { key: 'x', shown: 'X', does: 'lines' },
  { key: 'w', shown: 'W', does: 'wall' },
  { key: 'c', shown: 'C', does: 'convene' },
  { key: '/', shown: '/', does: 'search' },
  { key: 'e', shown: '⇧E', does: 'end' },
  { key: '1-9', shown: '1–9', does: 'tile' },
  { key: 'tabs', shown: 'Alt 1–6', does: 'tabs' },
  { key: '?', shown: '?', does: 'help' },
] as const

export type Does = (typeof SHORTCUTS)[number]['does']

/** What a pressed key means: an action, with the number for tiles and tabs. Undefined while somebody writes. */
export function meaning(event: KeyboardEvent): { does: Does; number: number } | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return undefined
  const at = event.target
  if (at instanceof HTMLElement && at.closest('input, textarea, select, [contenteditable], dialog') !== null) return undefined
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
