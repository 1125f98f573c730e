/** Moments of the meeting in a text: `[00:12:47]`, counted from its opening. Pure. */

const CODE = /\[(\d{2,3}):([0-5]\d):([0-5]\d)\]/g

export interface Piece {
  readonly text: string
  /** Seconds after the opening, where this piece is a moment. */
  readonly second?: number
}

/** A text in pieces: words, and moments in between. */
export function piecesOf(text: string): readonly Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const match of text.matchAll(CODE)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index) })
    found.push({ text: match[0], second: Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) })
    at = match.index + match[0].length
  }
  if (at < text.length || found.length === 0) found.push({ text: text.slice(at) })
  return found
}

/** The moments of a text, each once. */
export function momentsOf(text: string): readonly { readonly text: string; readonly second: number }[] {
  const seen = new Map<string, number>()
  for (const piece of piecesOf(text)) if (piece.second !== undefined) seen.set(piece.text, piece.second)
  return [...seen].map(([code, second]) => ({ text: code, second }))
}

export function codeOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `[${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}]`
}
