/** Which help belongs to a page, and what asks for it. What the keyboard does there, the page says itself (`useHelpKeys`). */

export type HelpPage = 'console' | 'station' | 'archive' | 'account' | 'overview' | 'room'

/** Which help belongs to the page of this route's name; undefined where nobody is signed in. */
export function helpOf(route: unknown): HelpPage | undefined {
  switch (route) {
    case undefined:
    case 'signin':
    case 'start':
      return undefined
    case 'command':
      return 'console'
    case 'station':
    case 'archive':
    case 'account':
    case 'overview':
      return route
    case 'archive-meeting':
      return 'archive'
    default:
      return 'room'
  }
}

/** Whether this press asks for help: never while somebody writes or answers a question. */
export function asksForHelp(event: KeyboardEvent): boolean {
  if (event.key !== '?' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return false
  const at = event.target
  return !(at instanceof HTMLElement && at.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog') !== null)
}
