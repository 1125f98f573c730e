/** How the chair is there, and who may be given what is his. */
import type { Chair, ParticipantRef, Snapshot } from '@/protocol/types'

/** Those in the meeting whose role may have the chair, but for some. */
export function mayHold(meeting: Snapshot, but: readonly (string | undefined)[]): ParticipantRef[] {
  return meeting.participants.filter((one) => one.state === 'joined' && (one.role === 'leader' || one.role === 'dispatcher') && !but.includes(one.id))
}

/** At his desk, his line lost, or not in the meeting. */
export function standing(meeting: Snapshot, chair: Chair): 'here' | 'away' | 'absent' {
  const seat = meeting.participants.find((one) => one.id === meeting.chair.id)
  if (seat?.state !== 'joined') return 'absent'
  return meeting.chair.id in chair.away ? 'away' : 'here'
}

export const nameOf = (one: Pick<ParticipantRef, 'center_name' | 'name'>): string => `${one.center_name} ${one.name}`
