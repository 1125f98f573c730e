/** What the keyboard does on each page, for its help. */
import { SHORTCUTS } from '@/pages/console/shortcuts'

export type HelpPage = 'console' | 'station' | 'archive' | 'account'

export interface HelpKey {
  readonly shown: string
  /** Message key of what it does. */
  readonly says: string
}

const HELP_KEY: HelpKey = { shown: '?', says: 'console.keys.does.help' }

export const HELP: Record<HelpPage, readonly HelpKey[]> = {
  console: SHORTCUTS.map((one) => ({ shown: one.shown, says: one.says })),
  station: [],
  archive: [
    { shown: 'Space', says: 'account.help.does.toggle' },
    { shown: 'J L', says: 'account.help.does.move' },
    { shown: '⇧ ← →', says: 'account.help.does.second' },
    { shown: '↑ ↓', says: 'account.help.does.step' },
    { shown: '< >', says: 'account.help.does.rate' },
    { shown: 'M', says: 'account.help.does.mark' },
    HELP_KEY,
  ],
  account: [HELP_KEY],
}

/** Which help belongs to the page of this route's name; undefined where nobody is signed in. */
export function helpOf(route: unknown): HelpPage | undefined {
  switch (route) {
    case 'console':
    case 'station':
    case 'archive':
    case 'account':
      return route
    case 'archive-meeting':
      return 'archive'
    default:
      return undefined
  }
}

/** Whether this press asks for help: never while somebody writes or answers a question. */
export function asksForHelp(event: KeyboardEvent): boolean {
  if (event.key !== '?' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return false
  const at = event.target
  return !(at instanceof HTMLElement && at.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog') !== null)
}
