/** Commands, entries and refusals: what a client asks, what became of it. */
import type { Author, MeetingKind, ParticipantRef, Priority, Situation, Track } from './values'

/** `data` of each command, by kind. */
export interface CommandData {
  'meeting.open': {
    title: string
    kind: MeetingKind
    centers?: string[]
    subtree?: string
    record?: boolean
  }
  'meeting.join': Record<string, never>
  'meeting.leave': Record<string, never>
  'meeting.end': Record<string, never>
  'participant.mute': { participant: string }
  'participant.unmute': { participant: string }
  'participant.remove': { participant: string; reason?: string }
  'stage.broadcast': { participant: string | null }
  'report.file': { situation: Situation; text: string }
  'order.issue': { text: string; priority: Priority; due: string | null; targets: string[] }
  'order.sign': { order: string }
  'order.progress': { order: string; text: string; percent: number | null }
  'order.complete': { order: string; text?: string }
  'decision.record': { text: string }
  'note.add': { text: string; at: string | null }
  'recording.start': Record<string, never>
  'recording.stop': Record<string, never>
}
export type CommandKind = keyof CommandData

export interface Command<K extends CommandKind = CommandKind> {
  id: string
  kind: K
  meeting?: string
  data: CommandData[K]
}

/** `data` of each entry, by kind. */
export interface EntryData {
  'meeting.opened': {
    title: string
    kind: MeetingKind
    centers: string[]
    record: boolean
    chair: ParticipantRef
  }
  'meeting.joined': { participant: ParticipantRef }
  'meeting.left': { participant: string }
  'meeting.ended': Record<string, never>
  'participant.muted': { participant: string }
  'participant.unmuted': { participant: string }
  'participant.removed': { participant: string; reason: string }
  'stage.broadcast': { participant: string | null }
  'report.filed': { report: string; situation: Situation; text: string; center: string; name: string }
  'order.issued': {
    order: string
    text: string
    priority: Priority
    due: string | null
    targets: { center: string; name: string }[]
    issuer: Author
  }
  'order.signed': { order: string; center: string; name: string; account_name: string }
  'order.progressed': {
    order: string
    center: string
    name: string
    account_name: string
    text: string
    percent: number | null
  }
  'order.completed': { order: string; center: string; name: string; account_name: string; text: string }
  'decision.recorded': { decision: string; text: string; by: Author }
  'note.added': { note: string; text: string; at: string; by: Author }
  'recording.started': { recording: string }
  'recording.stopped': { recording: string }
  'recording.part_opened': {
    recording: string
    part: string
    participant: string
    center: string
    name: string
    file: string
    tracks: Track[]
    started_at: string
  }
  'recording.part_closed': {
    recording: string
    part: string
    duration_ms: number
    bytes: number
    sha256: string
  }
}
export type EntryKind = keyof EntryData

interface EntryFields {
  seq: number
  at: string
  actor: { account: string; center: string }
  meeting: string | null
  audience: string[]
  alg: string
  prev: string
  hash: string
}

/** A fact of the journal. `seq` counts over the whole hub: what one client sees of it has gaps. */
export type Entry = {
  [K in EntryKind]: EntryFields & { kind: K; data: EntryData[K] }
}[EntryKind]

/** What a command is answered with when it was carried out. */
export interface Answer {
  seq: number
  entries: Entry[]
}

export type RefusalCode =
  | 'invalid'
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'conflict'
  | 'id_reused'
  | 'meeting_ended'
  | 'not_joined'
  | 'already_done'
  | 'wrong_state'
  | 'removed'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported_media'
  | 'range_not_satisfiable'
  | 'unprocessable'
  | 'too_many'
  | 'unavailable'

export interface RefusalBody {
  error: { code: RefusalCode; message: string; field?: string }
}
