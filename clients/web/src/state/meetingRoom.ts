/** One meeting as refs: its view, who is there, who sends, how loud, how well. */
import { computed, type ComputedRef, onScopeDispose, type Ref, shallowRef } from 'vue'

import { Following } from '@/protocol/follow'
import type { MeetingView } from '@/protocol/meeting'
import type { Refused } from '@/protocol/refusal'
import type {
  BroughtEvent,
  ClosedEvent,
  DroppedEvent,
  LayersEvent,
  MediaEvent,
  ParticipantPresence,
  ParticipantRef,
  PauseEvent,
  Quality,
  RecordingEvent,
  SlotsEvent,
  SourcesEvent,
  TilesEvent,
} from '@/protocol/types'

import { type Lines, withLines } from './lines'
import type { Live } from './live'
import { type MeetingNow, meetingNow } from './meetingNow'
import { ownLine, type OwnLineKept } from './ownLine'

export interface MediaSessions {
  slots: (event: SlotsEvent) => void
  tiles: (event: TilesEvent) => void
  closed: (event: ClosedEvent) => void
  /** What of one's own picture is watched. */
  watched: (event: LayersEvent | PauseEvent) => void
}

/** `waiting`: not yet; `failed`: not, and why. */
export type RecordingTold = Pick<RecordingEvent, 'state' | 'reason'>

export interface MeetingRoom {
  readonly id: string
  /** The meeting as its parts and documents have it; undefined before it was read. */
  readonly view: Readonly<Ref<MeetingView | undefined>>
  /** Its parts by name, as the hub tells them: what features show. */
  readonly parts: MeetingNow['parts']
  /** What one may do in it. */
  readonly can: Readonly<Ref<ReadonlySet<string>>>
  /** Who this is, as far as one is told: who has a seat in view, or is in a slot of one's own. */
  person: (id: string) => ParticipantRef | undefined
  readonly presence: Readonly<Ref<ReadonlyMap<string, ParticipantPresence>>>
  /** Who sends what: codec names by participant. */
  readonly sources: Readonly<Ref<ReadonlyMap<string, SourcesEvent['sources'][number]>>>
  readonly levels: Readonly<Ref<Readonly<Record<string, number>>>>
  readonly speaker: Readonly<Ref<string | null>>
  /** How the pictures of cameras that were brought are, as far as there is anything to say of them. */
  readonly brought: Readonly<Ref<ReadonlyMap<string, BroughtEvent>>>
  /** How participants' up-links are, in a word. */
  readonly quality: Readonly<Ref<Readonly<Record<string, Quality>>>>
  /** Both ways of every participant, with since when and the figures. */
  readonly uplinks: Readonly<Ref<Lines>>
  readonly downlinks: Readonly<Ref<Lines>>
  /** One's own line: by which way it goes, which pictures it carries. */
  readonly line: OwnLineKept
  /** Whether what is to be recorded really is; undefined while nothing is to be, or nobody has said. */
  readonly recording: ComputedRef<RecordingTold | undefined>
  /** What of one's own media cannot be passed on, by track, of the sessions that run (also a tool's, by the same account). */
  readonly dropped: Readonly<Ref<readonly DroppedEvent[]>>
  /** Why the hub does not (or no longer) show the meeting. */
  readonly refused: Readonly<Ref<Refused | undefined>>
  /** Have the events of one's own media sessions handed over. */
  attach: (sessions: MediaSessions) => void
  /** An answer named this seq: read again if nothing is told with it. */
  expect: (seq: number) => void
  leave: () => void
}

type Sources = ReadonlyMap<string, SourcesEvent['sources'][number]>

/** Who sends after an event: of those it does not name nothing has changed, unless it is a full one. */
export function withSources(before: Sources, event: SourcesEvent): Sources {
  const next = new Map(event.full ? [] : before)
  for (const source of event.sources) next.set(source.participant, source)
  for (const who of event.gone) next.delete(who)
  return next
}

/** Follows the meeting until `leave`, or until the calling scope ends. */
export function useMeetingRoom(live: Live, id: string): MeetingRoom {
  const now = meetingNow(
    live,
    id,
    () => following.heard,
    () => void following.read(),
  )
  const { can, view } = now
  /** Who was ever in a slot of one's own: a station has no seats in view but its own. */
  const faces = shallowRef<ReadonlyMap<string, ParticipantRef>>(new Map())
  const presence = shallowRef<ReadonlyMap<string, ParticipantPresence>>(new Map())
  const sources = shallowRef<ReadonlyMap<string, SourcesEvent['sources'][number]>>(new Map())
  const levels = shallowRef<Readonly<Record<string, number>>>({})
  const speaker = shallowRef<string | null>(null)
  const uplinks = shallowRef<Lines>(new Map())
  const downlinks = shallowRef<Lines>(new Map())
  const quality = computed<Readonly<Record<string, Quality>>>(() =>
    Object.fromEntries([...uplinks.value].map(([who, line]) => [who, line.state])),
  )
  const brought = shallowRef<ReadonlyMap<string, BroughtEvent>>(new Map())
  const recordingTold = shallowRef<RecordingTold>()
  const recording = computed<RecordingTold | undefined>(() => {
    if ((view.value?.recording ?? null) === null) return undefined
    return recordingTold.value ?? { state: 'waiting', reason: null }
  })
  const dropped = shallowRef<readonly DroppedEvent[]>([])
  const refused = shallowRef<Refused>()
  const attached = new Set<MediaSessions>()

  function media(event: MediaEvent): void {
    switch (event.kind) {
      case 'sources':
        sources.value = withSources(sources.value, event)
        break
      case 'levels':
        levels.value = event.levels
        speaker.value = event.speaker
        break
      case 'quality':
        uplinks.value = withLines(uplinks.value, event)
        break
      case 'downlink':
        downlinks.value = withLines(downlinks.value, event)
        break
      case 'tiles':
        for (const one of attached) one.tiles(event)
        break
      case 'slots':
        faces.value = new Map([...faces.value, ...(event.people ?? []).map((one) => [one.id, one] as const)])
        for (const one of attached) one.slots(event)
        break
      case 'brought':
        brought.value = new Map(brought.value).set(event.camera, event)
        break
      case 'recording':
        recordingTold.value = event
        break
      case 'dropped':
        dropped.value = [...dropped.value.filter((one) => one.session !== event.session || one.track !== event.track), event]
        break
      case 'closed':
        dropped.value = dropped.value.filter((one) => one.session !== event.session)
        for (const one of attached) one.closed(event)
        break
      case 'layers':
      case 'pause':
        for (const one of attached) one.watched(event)
        break
      default: // a newer hub may tell more
    }
  }

  const following = new Following(id, live.socket, {
    ...now.told,
    presence: (participants) => {
      const next = new Map(presence.value)
      for (const one of participants) next.set(one.id, one)
      presence.value = next
    },
    media,
    anew: () => {
      uplinks.value = new Map()
      downlinks.value = new Map()
      dropped.value = []
      brought.value = new Map()
      recordingTold.value = undefined
    },
    refused: (error) => {
      refused.value = error
    },
  })
  following.start()
  let gone = false
  function leave(): void {
    if (gone) return
    gone = true
    following.stop()
    now.stop()
  }
  onScopeDispose(leave)
  return {
    id,
    view,
    parts: now.parts,
    can,
    person: (who) => now.person(who) ?? faces.value.get(who),
    presence,
    sources,
    levels,
    speaker,
    brought,
    quality,
    uplinks,
    downlinks,
    line: ownLine(),
    dropped,
    recording,
    refused,
    attach: (sessions) => attached.add(sessions),
    expect: (seq) => {
      following.expect(seq)
    },
    leave,
  }
}
