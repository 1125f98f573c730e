/** Ids of things that the client makes. */
import { ALPHABET } from './ids'

const RANDOM_DIGITS = 8

/** An id of a thing that the client makes, as the hub's are: the prefix, ten digits of ms since 1970, and 40 random bits. */
export function newThingId(prefix: string, now: number, random: (bytes: Uint8Array) => Uint8Array = (b) => crypto.getRandomValues(b)): string {
  let millis = ''
  for (let left = Math.floor(now), digit = 0; digit < 10; digit += 1, left = Math.floor(left / 32)) millis = (ALPHABET[left % 32] ?? '0') + millis
  const bytes = random(new Uint8Array(RANDOM_DIGITS))
  return `${prefix}_${millis}${Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('')}`
}
