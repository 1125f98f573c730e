/** What figures and states mean, in one place for the doctor and for the board of checks. Pure. */
import type { CheckRow } from '@/protocol/types'

/** `good`: in order; `fair`: works, not well; `bad`: somebody has to do something; `unknown`: not tried, or not to be known. */
export type Grade = 'good' | 'fair' | 'bad' | 'unknown'

export interface LineNumbers {
  readonly lossPermille: number | null
  readonly rttMs: number | null
  readonly upKbps: number | null
  readonly downKbps: number | null
}

/** From here on a picture suffers, and from there on speech does: loss (permille), round trip (ms), rate up (kbit/s). */
const FAIR = { loss: 30, rtt: 300, up: 400 }
const BAD = { loss: 100, rtt: 800, up: 120 }

export function gradeOfLine({ lossPermille, rttMs, upKbps }: LineNumbers, /** What was tried to send: less is no fault of the line. */ tried = Infinity): Grade {
  const slow = (than: number): boolean => upKbps !== null && upKbps < Math.min(than, tried / 2)
  if ((lossPermille ?? 0) >= BAD.loss || (rttMs ?? 0) >= BAD.rtt || slow(BAD.up)) return 'bad'
  if ((lossPermille ?? 0) >= FAIR.loss || (rttMs ?? 0) >= FAIR.rtt || slow(FAIR.up)) return 'fair'
  return lossPermille === null && rttMs === null && upKbps === null ? 'unknown' : 'good'
}

/** Where a center stands on the board of a check, the worst first. Each is a word there. */
export const STANDINGS = [
  'no_camera',
  'no_microphone',
  'camera_denied',
  'microphone_denied',
  'camera_busy',
  'microphone_busy',
  'device_failed',
  'silent',
  'no_line',
  'poor_line',
  'no_speaker',
  'weak_line',
  'asks',
  'unanswered',
  'offline',
  'waiting',
  'fine',
] as const
export type Standing = (typeof STANDINGS)[number]

/** All that is the matter with a center that has answered, the worst first; `fine` where nothing is. */
export function standingsOf(row: CheckRow): readonly Standing[] {
  const found: Standing[] = []
  if (row.camera === 'none') found.push('no_camera')
  if (row.microphone === 'none') found.push('no_microphone')
  if (row.camera === 'denied') found.push('camera_denied')
  if (row.microphone === 'denied') found.push('microphone_denied')
  if (row.camera === 'busy') found.push('camera_busy')
  if (row.microphone === 'busy') found.push('microphone_busy')
  if (row.camera === 'failed' || row.microphone === 'failed' || row.camera === 'silent') found.push('device_failed')
  if (row.microphone === 'silent') found.push('silent')
  if (row.way === 'none') found.push('no_line')
  // a called check sends little: its rates are no verdict, loss and round trip are
  const line = gradeOfLine({ lossPermille: row.loss_permille, rttMs: row.rtt_ms, upKbps: null, downKbps: null })
  if (line === 'bad') found.push('poor_line')
  if (row.speaker === 'none') found.push('no_speaker')
  if (line === 'fair') found.push('weak_line')
  if (row.camera === 'asks' || row.microphone === 'asks') found.push('asks')
  return found.length === 0 ? ['fine'] : found
}
