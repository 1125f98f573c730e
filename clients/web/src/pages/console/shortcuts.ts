/** Which key does what on the console, in one table: the help page and the listener read the same. */

export const SHORTCUTS = [
  { key: ' ', shown: 'Space', does: 'talk', says: 'console.keys.does.talk' },
  { key: 'k', shown: 'K', does: 'microphone', says: 'console.keys.does.microphone' },
  { key: 'v', shown: 'V', does: 'camera', says: 'console.keys.does.camera' },
  { key: 's', shown: 'S', does: 'share', says: 'console.keys.does.share' },
  { key: 'o', shown: 'O', does: 'order', says: 'orders.does' },
  { key: 'd', shown: 'D', does: 'decision', says: 'decisions.does' },
  { key: 'n', shown: 'N', does: 'note', says: 'notes.does' },
  { key: 'b', shown: 'B', does: 'broadcast', says: 'stage.does' },
  { key: 'm', shown: 'M', does: 'mute', says: 'participants.mute.does' },
  { key: 'l', shown: 'L', does: 'look', says: 'console.keys.does.look' },
  { key: 'r', shown: 'R', does: 'record', says: 'recording.does' },
  { key: 'x', shown: 'X', does: 'lines', says: 'console.keys.does.lines' },
  { key: 'w', shown: 'W', does: 'wall', says: 'console.keys.does.wall' },
  { key: 'c', shown: 'C Enter', does: 'convene', says: 'console.keys.does.convene' },
  { key: '/', shown: '/', does: 'search', says: 'console.keys.does.search' },
  { key: 'e', shown: '⇧E', does: 'end', says: 'meeting.end.does' },
  { key: '1-9', shown: '1–9', does: 'tile', says: 'console.keys.does.tile' },
  { key: 'tabs', shown: 'Alt 1–6', does: 'tabs', says: 'console.keys.does.tabs' },
  { key: 'escape', shown: 'Esc', does: 'back', says: 'console.keys.does.back' },
  { key: '?', shown: '?', does: 'help', says: 'console.keys.does.help' },
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
