/** Proof in the reader's own browser: canonical bytes of an entry (RFC 8785), its SHA-256, and the link to the one before. */
import type { Entry } from '@/protocol/types'

/**
 * Canonical JSON of a plain value (RFC 8785): names sorted by UTF-16 units, no blanks, numbers and strings as ECMAScript
 * writes them. Entries hold no floats, so that ECMAScript's own number form is the canonical one.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`
  }
  return JSON.stringify(value)
}

/** What is hashed: every field of the entry but the hash itself. */
export function provenText(entry: Entry): string {
  const { hash: _hash, ...rest } = entry
  return canonical(rest)
}

/** Whether this browser can hash at all: WebCrypto is only there over HTTPS or on this machine. */
export function canProve(): boolean {
  return typeof crypto !== 'undefined' && 'subtle' in crypto && typeof crypto.subtle?.digest === 'function'
}

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What the check of one entry found: its own hash, and the link to the entry before where the reader may see that one. */
export interface Proof {
  readonly own: boolean
  readonly link: boolean | 'unseen'
}

export async function prove(entry: Entry, before: Entry | undefined): Promise<Proof> {
  const own = (await sha256(provenText(entry))) === entry.hash
  const link = before?.seq === entry.seq - 1 ? before.hash === entry.prev : 'unseen'
  return { own, link }
}
