/**
 * What a phone holds is sealed: AES-256-GCM under one data key. That key stands on the phone wrapped twice, by a key made of the
 * PIN and by one that no script can read out, so that neither a copied disk without the browser nor the phone without the
 * PIN opens it. Pure but for `crypto.subtle`, which browsers give to pages over HTTPS alone.
 */

/** Rounds of PBKDF2-SHA-256: about half a second on a cheap phone, once an unlocking. */
const ROUNDS = 310_000
const IV_BYTES = 12
const KEY_BYTES = 32
const SALT_BYTES = 16

export const PIN = /^\d{6}$/

/** `iv` is fresh for each; what it belongs to is authenticated with it. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>
  readonly body: ArrayBuffer
}

/** A data key as it stands on the phone. `lock` is a key of this browser that cannot be exported. */
export interface Wrapped {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly rounds: number
  readonly lock: CryptoKey
  readonly key: Sealed
}

/** The PIN is another one. */
export class WrongPin extends Error {
  override readonly name = 'WrongPin'
}

/** Whether this browser, at this address, can seal anything. */
export function canSeal(): boolean {
  return typeof crypto !== 'undefined' && (crypto.subtle as SubtleCrypto | undefined) !== undefined
}

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count))
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

async function usable(raw: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function ofPin(pin: string, salt: BufferSource, iterations: number): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', bytesOf(pin), 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, { name: 'AES-GCM', length: KEY_BYTES * 8 }, false, ['encrypt', 'decrypt'])
}

/** A fresh data key under this PIN, and the key itself, which no script can read out. */
export async function makeKey(pin: string, rounds = ROUNDS): Promise<{ wrapped: Wrapped; key: CryptoKey }> {
  const raw = randomBytes(KEY_BYTES)
  const lock = await crypto.subtle.generateKey({ name: 'AES-GCM', length: KEY_BYTES * 8 }, false, ['encrypt', 'decrypt'])
  const salt = randomBytes(SALT_BYTES)
  const inner = await seal(await ofPin(pin, salt, rounds), raw, 'data key')
  const key = await seal(lock, joined(inner), 'wrapped')
  const made = await usable(raw)
  raw.fill(0)
  return { wrapped: { salt, rounds, lock, key }, key: made }
}

/** The data key. Raises WrongPin. */
export async function openKey(wrapped: Wrapped, pin: string): Promise<CryptoKey> {
  const inner = new Uint8Array(await open(wrapped.lock, wrapped.key, 'wrapped'))
  const sealed = { iv: inner.slice(0, IV_BYTES), body: inner.slice(IV_BYTES).buffer }
  let raw: ArrayBuffer
  try {
    raw = await open(await ofPin(pin, wrapped.salt, wrapped.rounds), sealed, 'data key')
  } catch (cause) {
    throw new WrongPin('the PIN is another one', { cause })
  }
  return usable(raw)
}

function joined({ iv, body }: Sealed): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(iv.length + body.byteLength)
  all.set(iv)
  all.set(new Uint8Array(body), iv.length)
  return all
}

async function seal(key: CryptoKey, plain: BufferSource, about: string): Promise<Sealed> {
  const iv = randomBytes(IV_BYTES)
  return { iv, body: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(about) }, key, plain) }
}

async function open(key: CryptoKey, { iv, body }: Sealed, about: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(about) }, key, body)
}

/** Seals and opens with one key; `about` says what a piece belongs to, so that none can be put in the place of another. */
export class Box {
  constructor(private readonly key: CryptoKey) {}

  async bytes(plain: BufferSource, about: string): Promise<Sealed> {
    return seal(this.key, plain, about)
  }

  async openBytes(sealed: Sealed, about: string): Promise<ArrayBuffer> {
    return open(this.key, sealed, about)
  }

  async value(plain: unknown, about: string): Promise<Sealed> {
    return seal(this.key, bytesOf(JSON.stringify(plain)), about)
  }

  async openValue<T>(sealed: Sealed, about: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await open(this.key, sealed, about))) as T
  }
}

/** SHA-256 as the hub names an object by it: hex. */
export async function digestOf(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
