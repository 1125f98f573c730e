/** Texts as every reader can take them: half a surrogate pair (a broken emoji) is no Unicode text (RFC 8259 §8.2). Pure. */

const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

type Newer = string & { toWellFormed?: () => string }

/** The text with U+FFFD for each surrogate that stands alone, as String.prototype.toWellFormed does it. */
export function wellFormedText(text: string): string {
  const newer = text as Newer
  return typeof newer.toWellFormed === 'function' ? newer.toWellFormed() : text.replace(LONE, '\uFFFD')
}

/** The same value with every text in it well-formed, names of fields included. */
export function wellFormed<T>(value: T): T {
  if (typeof value === 'string') return wellFormedText(value) as T
  if (Array.isArray(value)) return value.map((one: unknown) => wellFormed(one)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [wellFormedText(name), wellFormed<unknown>(one)])) as T
}
