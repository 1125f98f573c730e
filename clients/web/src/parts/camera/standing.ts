/** How a camera stands on the page, in one word, from what the hub, the line and the picture say. Pure. */
import type { MediaState } from '@/protocol/mediaLink'
import type { CameraEvent, Quality } from '@/protocol/types'

/**
 * `narrow`: our own line has no room for one more picture. `line`: our own line to the hub comes back just now. `away`: the camera gives no answer. `withheld`: one has no right (any more).
 * `still`: pictures one after the other in place of a moving one. `nobody`: no camera was put there.
 */
export type Word = 'nobody' | 'line' | 'connecting' | 'narrow' | 'playing' | 'reconnecting' | 'away' | 'refused' | 'unplayable' | 'still' | 'withheld'

/** A moving picture of which nothing came for so long (ms) stands still. */
export const STANDS_STILL_MS = 2_500
/** Reasons for which a camera that is dialled again counts as away: it gives no answer at all. */
const AWAY: ReadonlySet<string> = new Set(['unreachable', 'timeout'])

export interface Known {
  /** Of our own session. */
  readonly line: MediaState
  readonly told: CameraEvent | undefined
  /** Whether the hub has put the camera into its slot. */
  readonly placed: boolean
  /** When the last picture came (ms since 1970); undefined for none so far. */
  readonly last: number | undefined
  /** ms since 1970. */
  readonly now: number
  /** How its picture arrives, as its node says. */
  readonly quality: Quality | null
  /** Whether this browser takes what cameras send. */
  readonly plays: boolean
}

/** Whether there are pictures one after the other: the hub says so, or means another browser of the same person with what it says. */
function inStills(told: CameraEvent, plays: boolean): boolean {
  return told.instead === 'snapshots' || (!plays && told.state === 'playing' && told.instead !== 'transcoded')
}

export function wordOf({ line, told, placed, last, now, quality, plays }: Known): Word {
  if (told?.state === 'withheld') return 'withheld'
  if (line !== 'connected') return line === 'connecting' ? 'connecting' : 'line'
  if (told?.state === 'refused') return 'refused'
  if (told !== undefined && inStills(told, plays)) return told.state === 'reconnecting' ? 'reconnecting' : 'still'
  if (told?.state === 'unplayable') return 'unplayable'
  if (told?.state === 'reconnecting') return AWAY.has(told.reason) ? 'away' : 'reconnecting'
  const flows = last !== undefined && now - last < STANDS_STILL_MS
  if (placed && flows) return 'playing'
  // nobody asks the camera for it, though it is to stand here: the line has no room
  if (placed && told?.state === 'idle' && quality === 'lost') return 'narrow'
  return last === undefined || told?.state !== 'playing' ? 'connecting' : 'reconnecting'
}

/** Of which states the picture that stands there is an old one: it is shown with its moment, and never as if it were live. */
export function isOld(word: Word): boolean {
  return word === 'line' || word === 'narrow' || word === 'reconnecting' || word === 'away'
}

/** The state as `StateMark` and colours have it elsewhere. */
export const TONES: Readonly<Record<Word, 'quiet' | 'going' | 'good' | 'warn' | 'late'>> = {
  nobody: 'quiet', line: 'warn', connecting: 'going', narrow: 'warn', playing: 'good', reconnecting: 'warn', away: 'late', refused: 'late', unplayable: 'late', still: 'warn', withheld: 'quiet',
}
