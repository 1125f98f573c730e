/** The things that the hub tells of: accounts, centers, meetings, orders, recordings, as in docs/protocol.md. */

export type Role =
  | 'leader'
  | 'dispatcher'
  | 'station'
  | 'clerk'
  | 'system_admin'
  | 'security_admin'
  | 'audit_admin'

export type Level = 'city' | 'county' | 'township' | 'village'

/** A center as the directory lists it; `children` is how many centers stand directly below it. */
export interface Center {
  code: string
  name: string
  level: Level
  parent: string | null
  initials: string
  children: number
}

/** Who is signed in, and for which center; `path` holds names, root first, the own center last. */
export interface Account {
  id: string
  username: string
  name: string
  role: Role
  center: { code: string; name: string; level: Level; parent: string | null; path: string[] }
}

/** An account in a meeting; `id` is the account's id. */
export interface ParticipantRef {
  id: string
  name: string
  role: Role
  center: string
  center_name: string
  level: Level
}

export interface Participant extends ParticipantRef {
  state: 'joined' | 'left' | 'removed'
  muted: boolean
  joined_at: string
  left_at: string | null
}

/** A person who issued, decided or noted something. */
export interface Author {
  account: string
  name: string
  center: string
  center_name: string
}

export type MeetingKind = 'dispatch' | 'consultation'
export type Priority = 'normal' | 'urgent' | 'critical'
export type Situation = 'normal' | 'abnormal'
export type OrderState = 'issued' | 'signed' | 'in_progress' | 'completed'

export interface Progress {
  at: string
  text: string
  percent: number | null
  by: string
}

export interface OrderTarget {
  center: string
  name: string
  state: OrderState
  signed_at: string | null
  signed_by: string | null
  completed_at: string | null
  percent: number | null
  progress: Progress[]
}

/** An order; its own `state` is that of its slowest target. */
export interface Order {
  id: string
  meeting: string | null
  text: string
  priority: Priority
  due: string | null
  issuer: Author
  issued_at: string
  state: OrderState
  targets: OrderTarget[]
}

export interface Report {
  id: string
  situation: Situation
  text: string
  center: string
  name: string
  at: string
  account: string
}

export interface Decision {
  id: string
  text: string
  by: Author
  at: string
}

export interface Note {
  id: string
  text: string
  by: Author
  at: string
}

export interface Hit {
  seq: number
  at: string
  kind: string
  text: string
}

export interface Summary {
  id: string
  title: string
  kind: MeetingKind
  state: 'open' | 'ended'
  chair: ParticipantRef
  centers: string[]
  opened_at: string
  ended_at: string | null
  record: boolean
  /** Id of the newest recording; whether it runs is told by the entries and by /recordings. */
  recording: string | null
  joined: number
  counts: { orders: number; completed: number; reports: number; decisions: number }
  hits?: Hit[]
}

export interface Snapshot extends Omit<Summary, 'hits'> {
  participants: Participant[]
  broadcast: string | null
  orders: Order[]
  reports: Report[]
  decisions: Decision[]
  notes: Note[]
  seq: number
}

export interface Track {
  kind: 'audio' | 'video'
  codec: string
}

/** One publisher's media session as it was recorded; `offset_ms` counts from the meeting's start. */
export interface Part {
  id: string
  participant: string
  center: string
  name: string
  tracks: Track[]
  started_at: string
  offset_ms: number
  duration_ms: number | null
  bytes: number | null
  sha256: string | null
  state: 'recording' | 'closed' | 'lost'
  media: string | null
}

export interface Recording {
  id: string
  meeting: string
  started_at: string
  stopped_at: string | null
  state: 'recording' | 'stopped'
  parts: Part[]
}
