/** How the own line is: tried by a short call with oneself, or read from the call that runs. */
import { checkLine, type LineOutcome } from '@/protocol/lineCheck'
import { figuresOf, type LineLook, lookAt, together } from '@/protocol/lineFigures'

import { testPicture } from './testPicture'

export interface LineTry {
  readonly measureMs: number
  readonly maxKbps: number
}
/** A person waits for it. */
export const DOCTORS_TRY: LineTry = { measureMs: 6_000, maxKbps: 2_500 }
/** One of two thousand at about the same time: enough to know the way and the loss. */
export const CALLED_TRY: LineTry = { measureMs: 3_000, maxKbps: 400 }

/** A call with oneself. Behind another window browsers draw next to nothing: the rates would say nothing of the line, and are left out. */
export async function tryLine(how: LineTry, signal?: AbortSignal): Promise<LineOutcome> {
  const picture = testPicture()
  if (picture === null) return { failure: 'refused' }
  const hidden = document.visibilityState === 'hidden'
  try {
    const outcome = await checkLine({ picture: picture.track, ...how, ...(signal === undefined ? {} : { signal }) })
    if (!hidden || 'failure' in outcome) return outcome
    return { figures: { ...outcome.figures, upKbps: null, downKbps: null } }
  } finally {
    picture.stop()
  }
}

type Counted = { stats: () => Promise<RTCStatsReport | undefined> }
const READ_MS = 3_000

/** The line of a running call, as its own two connections count it for some seconds. */
export async function readLine(...links: readonly Counted[]): Promise<LineOutcome> {
  const look = async (): Promise<(LineLook | undefined)[]> =>
    Promise.all(
      links.map(async (link) => {
        const stats = await link.stats()
        return stats === undefined ? undefined : lookAt(stats, performance.now())
      }),
    )
  const before = await look()
  await new Promise((resolve) => setTimeout(resolve, READ_MS))
  const after = await look()
  const figures = links.flatMap((_, at) => {
    const [first, last] = [before[at], after[at]]
    return first === undefined || last === undefined ? [] : [figuresOf([first, last])]
  })
  const found = figures.reduce((all, one) => together(all, one), figuresOf([]))
  return found.way === null ? { failure: 'blocked' } : { figures: found }
}
