/** What is wrong with the hub or with the recording, in the order in which it matters. Pure. */
import type { HubEvent } from '@/protocol/types'
import type { RecordingTold } from './meetingRoom'

export interface Trouble {
  readonly id: string
  /** Message key, and its words (message keys themselves where they begin with a dot-free `reason`). */
  readonly says: string
  readonly reason?: string
  /** ms since 1970, where the words name a moment. */
  readonly at?: number
  /** Something is being lost now: sounds once, and is red. */
  readonly critical: boolean
}

export interface Conditions {
  /** As of when the page shows what it shows, while the hub is away. */
  readonly asOf: number | undefined
  readonly hub: HubEvent | undefined
  /** Whether a recording runs by the record, and whether it really records. */
  readonly recording: boolean
  readonly truth: RecordingTold | undefined
}

export function troubles({ asOf, hub, recording, truth }: Conditions): Trouble[] {
  // while the hub is away nothing else is known
  if (asOf !== undefined) return [{ id: 'away', says: 'console.alarm.away', at: asOf, critical: false }]
  const found: Trouble[] = []
  if (hub !== undefined && !hub.journal) found.push({ id: 'journal', says: 'console.alarm.journal', critical: true })
  // without a reason it only begins
  if (recording && truth !== undefined && (truth.state === 'failed' || (truth.state === 'waiting' && truth.reason !== null))) {
    // what comes for a slow disk waits in memory: nothing is lost yet
    if (truth.reason === 'disk_slow') found.push({ id: 'recording', says: 'console.alarm.recording.slow', critical: false })
    else found.push({ id: 'recording', says: `console.alarm.recording.${truth.state}`, ...(truth.reason === null ? {} : { reason: truth.reason }), critical: true })
  }
  if (hub !== undefined && !hub.node) found.push({ id: 'node', says: 'console.alarm.node', critical: true })
  for (const folder of hub?.low_on_space ?? []) found.push({ id: `space-${folder}`, says: `console.alarm.space.${folder}`, critical: false })
  const room = hub?.recording_room ?? 'enough'
  if (room !== 'enough' && hub?.low_on_space.includes('recordings') !== true) found.push({ id: 'space-recordings', says: `console.alarm.room.${room}`, critical: false })
  return found
}
