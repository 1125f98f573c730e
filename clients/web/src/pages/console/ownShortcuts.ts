/** Which key does what on the console itself, and what a pressed key means. */
import type { Shortcut } from '@/features/contract'

/** What the page itself does; what the rules of a meeting allow stands with the features. */
export const OWN: readonly Shortcut[] = [
  { key: ' ', shown: 'Space', does: 'talk', says: 'console.keys.does.talk', place: 10 },
  { key: 'k', shown: 'K', does: 'microphone', says: 'console.keys.does.microphone', place: 11 },
  { key: 'v', shown: 'V', does: 'camera', says: 'console.keys.does.camera', place: 12 },
  { key: 's', shown: 'S', does: 'share', says: 'console.keys.does.share', place: 13 },
  { key: 'l', shown: 'L', does: 'look', says: 'console.keys.does.look', place: 32 },
  { key: 'x', shown: 'X', does: 'lines', says: 'console.keys.does.lines', place: 50 },
  { key: 'w', shown: 'W', does: 'wall', says: 'console.keys.does.wall', place: 51 },
  { key: 'c', shown: 'C Enter', does: 'convene', says: 'console.keys.does.convene', place: 60 },
  { key: '/', shown: '/', does: 'search', says: 'console.keys.does.search', place: 61 },
  { key: 'number', shown: '1–9', does: 'tile', says: 'console.keys.does.tile', place: 80 },
  { key: 'alt-number', shown: 'Alt 1–9', does: 'tabs', says: 'console.keys.does.tabs', place: 81 },
  { key: 'escape', shown: 'Esc', does: 'back', says: 'console.keys.does.back', place: 82 },
  { key: '?', shown: '?', does: 'help', says: 'common.helpKey', place: 90 },
]

/** What the keyboard does while no meeting is entered. */
export const IN_LOBBY: readonly Shortcut[] = OWN.filter(({ does }) => ['convene', 'search', 'help'].includes(does))

/** Whether somebody writes there, or chooses: its keys are its own. */
function isField(at: EventTarget | null): at is HTMLElement {
  return at instanceof HTMLElement && at.closest('input, textarea, select, [contenteditable]') !== null
}

/** What a pressed key means: an action, with the number for tiles and tabs. Undefined while somebody writes. */
export function meaningIn(table: readonly Shortcut[], event: KeyboardEvent): { does: string; number: number } | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return undefined
  const at = event.target
  // a question over the page has all keys, also where nothing in it has the focus any more
  if (isField(at) || (at instanceof HTMLElement && at.closest('dialog') !== null) || document.querySelector('dialog[open]') !== null) return undefined
  const number = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (number !== undefined && !event.shiftKey) {
    return { does: event.altKey ? 'tabs' : 'tile', number: Number(number) }
  }
  if (event.altKey) return undefined
  const key = event.key.toLowerCase()
  const those = table.filter((one) => one.key === key)
  const shifted = event.shiftKey ? those.find((one) => one.shift === true) : undefined
  const found = shifted ?? those.find((one) => one.shift !== true)
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
