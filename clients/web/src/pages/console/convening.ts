/** Calling centers that another meeting has already: which, and whose. Pure. */
import type { Summary } from '@/protocol/types'

export interface Clash {
  readonly meeting: Summary
  /** Codes of the centers that both meetings call. */
  readonly centers: readonly string[]
}

/** Open meetings that call centers of `chosen`, the one with the most of them first. */
export function clashes(meetings: readonly Summary[], chosen: ReadonlySet<string>): Clash[] {
  return meetings
    .filter((meeting) => meeting.state === 'open')
    .map((meeting) => ({ meeting, centers: meeting.centers.filter((code) => chosen.has(code)) }))
    .filter((clash) => clash.centers.length > 0)
    .sort((a, b) => b.centers.length - a.centers.length)
}
