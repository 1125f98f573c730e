/** Whether this station is heard and seen: one row of facts in, one true word out. */
import type { HeardOnly } from '@/parts/soundStates'
import type { DeviceState } from '@/protocol/types'

/** What is known here about sound and picture leaving this station. */
export interface Facts {
  readonly inMeeting: boolean
  /** The meeting is paused: nobody is heard or seen. */
  readonly rests: boolean
  /**
   * The media session towards the hub; `stopped` when the account takes part from elsewhere, `refused` when the hub
   * took nothing.
   * It may stand while the signalling socket is away, and the other way round.
   */
  readonly publish: 'connecting' | 'connected' | 'stopped' | 'refused'
  readonly microphone: DeviceState
  readonly camera: DeviceState
  /** Worked in this call, went away, and is being asked for again. */
  readonly lost: { readonly camera: boolean; readonly microphone: boolean }
  /** Muted in the journal: only who leads the meeting can undo it. */
  readonly muted: boolean
  /** Who is heard instead, though nothing is wrong: a roll call goes on, one talks by a key; or one is apart with somebody. */
  readonly only: HeardOnly
  /** Muted by the station's own key. */
  readonly mutedHere: boolean
  /** What the hub says that it receives from this account; null while it has not said anything. */
  readonly received: { readonly audio: boolean; readonly video: boolean } | null
  /** The microphone has delivered nothing but digital silence for some seconds. */
  readonly silent: boolean
  /** The hub said that nobody watches this picture now. */
  readonly paused: boolean
  /** Sound only: on a weak line no picture is sent. */
  readonly soundOnly: boolean
  /** This station is the broadcast picture. */
  readonly onAir: boolean
  /** The hub is away: what it said last may hold no longer. */
  readonly stale: boolean
}

export type Heard =
  | 'idle'
  | 'mic_none'
  | 'mic_denied'
  | 'mic_busy'
  | 'mic_failed'
  | 'mic_off'
  | 'mic_lost'
  | 'connecting'
  | 'stopped'
  | 'refused'
  | 'rests'
  | 'muted_by_chair'
  | 'muted_here'
  | 'roll_call'
  | 'talk'
  | 'apart'
  | 'not_arriving'
  | 'silent'
  | 'unsure'
  | 'yes'

export type Seen =
  | 'idle'
  | 'cam_none'
  | 'cam_denied'
  | 'cam_busy'
  | 'cam_failed'
  | 'cam_off'
  | 'cam_lost'
  | 'connecting'
  | 'stopped'
  | 'refused'
  | 'rests'
  | 'sound_only'
  | 'unwatched'
  | 'not_arriving'
  | 'unsure'
  | 'on_air'
  | 'yes'

/** How a word is shown: `good` is quiet, `off` is a wish of somebody, `bad` wants something done. */
export type Tone = 'good' | 'off' | 'bad'

/**
 * The first reason that keeps the station from being heard, or `yes`. A missing device comes before the line, because
 * somebody can do something about it here; a mute comes after the line, because it matters only once there is one.
 */
export function heard(facts: Facts): Heard {
  if (!facts.inMeeting) return 'idle'
  if (facts.publish === 'stopped') return 'stopped'
  if (facts.microphone !== 'on' && facts.lost.microphone) return 'mic_lost'
  if (facts.microphone !== 'on') return `mic_${facts.microphone}`
  if (facts.publish !== 'connected') return facts.publish
  if (facts.rests) return 'rests'
  if (facts.muted && facts.only !== 'apart') return 'muted_by_chair'
  if (facts.mutedHere) return 'muted_here'
  if (facts.only !== null && facts.only !== 'apart' && !facts.stale) return facts.only
  if (facts.silent) return 'silent'
  if (facts.stale) return 'unsure'
  if (!facts.received?.audio) return 'not_arriving'
  return facts.only === 'apart' ? 'apart' : 'yes'
}

/** The first reason that keeps the station from being seen; `on_air` and `yes` only when the hub says that it has its picture. */
export function seen(facts: Facts): Seen {
  if (!facts.inMeeting) return 'idle'
  if (facts.publish === 'stopped') return 'stopped'
  if (facts.camera !== 'on' && facts.lost.camera) return 'cam_lost'
  if (facts.camera !== 'on') return `cam_${facts.camera}`
  if (facts.publish !== 'connected') return facts.publish
  if (facts.rests) return 'rests'
  if (facts.soundOnly) return 'sound_only'
  if (facts.stale) return 'unsure'
  if (facts.paused) return 'unwatched'
  if (!facts.received?.video) return 'not_arriving'
  return facts.onAir ? 'on_air' : 'yes'
}

export function heardTone(word: Heard): Tone {
  if (word === 'yes' || word === 'apart') return 'good'
  return ['idle', 'rests', 'muted_here', 'muted_by_chair', 'roll_call', 'talk', 'connecting', 'stopped', 'mic_off', 'unsure'].includes(word) ? 'off' : 'bad'
}

export function seenTone(word: Seen): Tone {
  if (word === 'yes' || word === 'on_air') return 'good'
  return ['idle', 'rests', 'unwatched', 'connecting', 'stopped', 'cam_off', 'sound_only', 'unsure'].includes(word) ? 'off' : 'bad'
}

/** The line in one word: the socket first, because without it nobody can call; in a meeting also the media. */
export type Line = 'offline' | 'reconnecting' | 'online'

export function lineOf(connection: 'connecting' | 'online' | 'reconnecting' | 'signedOut', network: boolean): Line {
  if (!network) return 'offline'
  return connection === 'online' ? 'online' : 'reconnecting'
}
