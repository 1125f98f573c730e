/** Who was in the meeting and on the stage at a moment, told from the entries. */
import type { Entry } from '@/protocol/types'

function until(entries: readonly Entry[], openedAt: string, positionMs: number): Entry[] {
  const opened = Date.parse(openedAt)
  return entries.filter((entry) => Date.parse(entry.at) - opened <= positionMs)
}

/** Account ids of those who had joined and not left at this moment. */
export function presentAt(entries: readonly Entry[], openedAt: string, positionMs: number): ReadonlySet<string> {
  const present = new Set<string>()
  for (const entry of until(entries, openedAt, positionMs)) {
    if (entry.kind === 'meeting.opened') present.add(entry.data.chair.id)
    if (entry.kind === 'meeting.joined') present.add(entry.data.participant.id)
    if (entry.kind === 'meeting.left' || entry.kind === 'participant.removed') present.delete(entry.data.participant)
    if (entry.kind === 'meeting.ended') present.clear()
  }
  return present
}

/** Account id of who was broadcast at this moment, or null. */
export function onAirAt(entries: readonly Entry[], openedAt: string, positionMs: number): string | null {
  let shown: string | null = null
  for (const entry of until(entries, openedAt, positionMs)) {
    if (entry.kind === 'stage.broadcast') shown = entry.data.participant
    if (entry.kind === 'meeting.ended') shown = null
  }
  return shown
}
