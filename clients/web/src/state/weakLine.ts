/** When a line cannot carry pictures any more, and when they are tried again: from what is measured, never at a single sign. Pure. */
import type { Pictures, Quality } from '@/protocol/types'

import type { Line } from './lines'

/** What is known of one's own line, both ways, and how the main picture gets through (null: nothing plays). */
export interface Measured {
  readonly down: Pick<Line, 'state' | 'bitrate_bps'> | undefined
  readonly up: Quality | undefined
  readonly main: Quality | null | undefined
}

/** From most to least. */
export const PICTURES: readonly Pictures[] = ['all', 'stage', 'none']
/** It has to be bad for so long (ms) before less is taken. */
export const TROUBLE_MS = 6_000
/** It has to be good for so long (ms) before more is tried; doubled whenever that did not last for a minute. */
export const BACK_MS = 30_000
export const LONGEST_MS = 300_000
const RELAPSE_MS = 60_000
/** What a line has to carry (bit/s) for the small layer of some pictures, of one; with the sound and what is sent again. */
const NEEDS: Readonly<Record<Pictures, number>> = { all: 400_000, stage: 180_000, none: 0 }

/** Whether this is more than the line carries. Loss alone is no sign: less picture would not mend it. */
export function isTooMuch(pictures: Pictures, { down, up, main }: Measured): boolean {
  if (pictures === 'none') return false
  const narrow = down !== undefined && down.bitrate_bps !== null && down.bitrate_bps < NEEDS[pictures]
  const stands = main === 'lost' && down !== undefined && down.state !== 'good'
  const downBad = down?.state === 'lost' || (down?.state === 'poor' && narrow) || (stands && narrow)
  // up: from the camera at its full size to the small one, from that to none
  return downBad || up === 'lost' || (up === 'poor' && pictures === 'all')
}

/** Whether more may be tried: of what is sent now, little as it is, not too much is lost on its way up. */
export function isFit({ up }: Measured): boolean {
  return up !== 'lost' && up !== 'poor'
}

/** Times are ms of one clock. */
export class LineJudge {
  private badSince: number | undefined
  private lastBad = 0
  private raised = -Infinity
  private wait = BACK_MS

  /** What is to be taken from now on, where `pictures` is taken now. */
  judge(now: number, pictures: Pictures, measured: Measured): Pictures {
    const at = PICTURES.indexOf(pictures)
    if (isTooMuch(pictures, measured)) {
      this.badSince ??= now
      this.lastBad = now
      if (now - this.badSince < TROUBLE_MS) return pictures
      this.wait = now - this.raised < RELAPSE_MS ? Math.min(this.wait * 2, LONGEST_MS) : BACK_MS
      this.badSince = undefined
      return PICTURES[at + 1] ?? pictures
    }
    this.badSince = undefined
    if (!isFit(measured)) this.lastBad = now
    if (at === 0 || now - this.lastBad < this.wait) return pictures
    this.raised = now
    // the next step up waits as long
    this.lastBad = now
    return PICTURES[at - 1] ?? pictures
  }

  /** Somebody has chosen: what was before counts no longer. */
  reset(now: number): void {
    this.badSince = undefined
    this.lastBad = now
    this.raised = -Infinity
    this.wait = BACK_MS
  }
}
