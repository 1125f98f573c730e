/** One meeting as refs: its view, who is there, who sends, how loud, how well. */
import { onScopeDispose, type Ref, shallowRef } from 'vue'

import { Following } from '@/protocol/follow'
import type { MeetingView } from '@/protocol/meeting'
import type { Refused } from '@/protocol/refusal'
import type { ClosedEvent, MediaEvent, ParticipantPresence, PauseEvent, Quality, SlotsEvent, SourcesEvent } from '@/protocol/types'

import type { Live } from './live'

export interface MediaSessions {
  slots: (event: SlotsEvent) => void
  closed: (event: ClosedEvent) => void
  pause: (event: PauseEvent) => void
}

export interface MeetingRoom {
  readonly id: string
  readonly view: Readonly<Ref<MeetingView | undefined>>
  readonly presence: Readonly<Ref<ReadonlyMap<string, ParticipantPresence>>>
  /** Who sends what: codec names by participant. */
  readonly sources: Readonly<Ref<ReadonlyMap<string, SourcesEvent['sources'][number]>>>
  readonly levels: Readonly<Ref<Readonly<Record<string, number>>>>
  readonly speaker: Readonly<Ref<string | null>>
  readonly quality: Readonly<Ref<Readonly<Record<string, Quality>>>>
  /** Why the hub does not (or no longer) show the meeting. */
  readonly refused: Readonly<Ref<Refused | undefined>>
  /** Have the events of one's own media sessions handed over. */
  attach: (sessions: MediaSessions) => void
  /** An answer named this seq: read again if its entry does not arrive. */
  expect: (seq: number) => void
  leave: () => void
}

/** Follows the meeting until `leave`, or until the calling scope ends. */
export function useMeetingRoom(live: Live, id: string): MeetingRoom {
  const view = shallowRef<MeetingView>()
  const presence = shallowRef<ReadonlyMap<string, ParticipantPresence>>(new Map())
  const sources = shallowRef<ReadonlyMap<string, SourcesEvent['sources'][number]>>(new Map())
  const levels = shallowRef<Readonly<Record<string, number>>>({})
  const speaker = shallowRef<string | null>(null)
  const quality = shallowRef<Readonly<Record<string, Quality>>>({})
  const refused = shallowRef<Refused>()
  const attached = new Set<MediaSessions>()

  function media(event: MediaEvent): void {
    switch (event.kind) {
      case 'sources':
        sources.value = new Map(event.sources.map((source) => [source.participant, source]))
        break
      case 'levels':
        levels.value = event.levels
        speaker.value = event.speaker
        break
      case 'quality':
        quality.value = { ...quality.value, ...event.participants }
        break
      case 'slots':
        for (const one of attached) one.slots(event)
        break
      case 'closed':
        for (const one of attached) one.closed(event)
        break
      case 'pause':
        for (const one of attached) one.pause(event)
        break
      default: // a newer hub may tell more
    }
  }

  const following = new Following(id, live.socket, {
    view: (next) => {
      view.value = next
    },
    presence: (participants) => {
      const next = new Map(presence.value)
      for (const one of participants) next.set(one.id, one)
      presence.value = next
    },
    media,
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
  }
  onScopeDispose(leave)
  return {
    id,
    view,
    presence,
    sources,
    levels,
    speaker,
    quality,
    refused,
    attach: (sessions) => attached.add(sessions),
    expect: (seq) => {
      following.expect(seq)
    },
    leave,
  }
}
