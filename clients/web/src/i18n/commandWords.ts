/** What a command is called for people, with its own words, so that somebody knows which one is meant. */
import type { Command } from '@/protocol/types'

/** Its name (a message key) and the text that it carries, shortened. */
export function commandWords(command: Command): { key: string; quote: string } {
  const { text } = command.data as { text?: unknown }
  const words = typeof text === 'string' ? text.trim() : ''
  return { key: `command['${command.kind}']`, quote: words.length > 30 ? `${words.slice(0, 30)}……` : words }
}
