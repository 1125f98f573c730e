/** Names that the client makes: the id by which a command is answered once, however often it is sent. */

export const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** `c_` and 24 random characters (120 bits). */
export function newCommandId(random: (bytes: Uint8Array) => Uint8Array = (b) => crypto.getRandomValues(b)): string {
  const bytes = random(new Uint8Array(24))
  return `c_${Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('')}`
}
