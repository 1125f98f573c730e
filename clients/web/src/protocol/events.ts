/** What comes over the socket besides entries: greeting, presence, media. */
import type { Entry } from './entries'
import type { Account, Order, Snapshot, Summary } from './values'

export interface Hello {
  account: Account
  calls: Summary[]
  orders: Order[]
  seq: number
}

export type CenterPresence = 'online' | 'in_meeting' | 'offline'
export type DeviceState = 'on' | 'off' | 'none' | 'denied' | 'busy' | 'failed'

export interface ParticipantPresence {
  id: string
  state: 'online' | 'reconnecting' | 'offline'
  camera: DeviceState | null
  microphone: DeviceState | null
  publishing: boolean
}

export interface CentersPresenceEvent {
  centers: { code: string; state: CenterPresence }[]
  full: boolean
}
export interface MeetingPresenceEvent {
  meeting: string
  participants: ParticipantPresence[]
}
export type PresenceEvent = CentersPresenceEvent | MeetingPresenceEvent

export type Quality = 'good' | 'fair' | 'poor' | 'lost'
export type ClosedReason = 'node_lost' | 'removed' | 'ended' | 'consent_expired' | 'replaced'

export interface SlotsEvent {
  meeting: string
  kind: 'slots'
  session: string
  video: (string | null)[]
  audio: (string | null)[]
}
export interface SourcesEvent {
  meeting: string
  kind: 'sources'
  sources: { participant: string; video: string | null; audio: string | null }[]
}
export interface LevelsEvent {
  meeting: string
  kind: 'levels'
  /** dBov, 0 loudest to 127 silent, by participant */
  levels: Record<string, number>
  speaker: string | null
}
export interface QualityEvent {
  meeting: string
  kind: 'quality'
  participants: Record<string, Quality>
}
export interface PauseEvent {
  meeting: string
  kind: 'pause'
  session: string
  paused: boolean
}
export interface ClosedEvent {
  meeting: string
  kind: 'closed'
  session: string
  reason: ClosedReason
}
export type MediaEvent =
  | SlotsEvent
  | SourcesEvent
  | LevelsEvent
  | QualityEvent
  | PauseEvent
  | ClosedEvent

/** The answer to `follow`: the meeting as it is, the entries after `since`, and the events that hold now. */
export interface Followed {
  snapshot: Snapshot
  entries: Entry[]
  media: MediaEvent[]
  presence: ParticipantPresence[]
}

/** What a watching session wants in a video slot: a participant, the stage, or nothing. */
export type SlotChoice = string | null
export const STAGE = 'stage'
