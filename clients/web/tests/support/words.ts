/** Walking the words of a language. */

/** The text at a message key; fails where there is none. */
export function wordAt(words: object, key: string): string {
  let at: unknown = words
  for (const step of key.split('.')) at = (at as Record<string, unknown> | undefined)?.[step]
  if (typeof at !== 'string') throw new Error(`no text at ${key}`)
  return at
}

/** Every text with its key, lists included. */
export function leaves(words: object, above = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, word]: [string, unknown]): [string, string][] =>
    typeof word === 'string' ? [[`${above}${key}`, word]] : leaves(word as object, `${above}${key}.`),
  )
}
