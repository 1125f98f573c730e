/** The one book of the frame: its rooms and 总览 show the same. */
import type { Shell } from '@/state/shell'

import { type Book, makeBook } from './book'

const READS: readonly string[] = ['leader', 'dispatcher', 'clerk']
/** So far back meetings are known at first. */
const BACK_MS = 14 * 86_400_000

const books = new WeakMap<object, Book>()

export function readsBookings(role: string): boolean {
  return READS.includes(role)
}

/** In the frame's scope. */
export function openBook(shell: Shell, api: Parameters<typeof makeBook>[1]): Book {
  const book = makeBook(shell.live, api, Date.now() - BACK_MS)
  books.set(shell.live, book)
  return book
}

/** The one that the frame has opened. */
export function bookOf(shell: Pick<Shell, 'live'>): Book {
  const book = books.get(shell.live)
  if (book === undefined) throw new Error('no book was opened')
  return book
}
