/** What is captured goes to the hub: one WHIP session that follows the devices, and ends when nothing is left to send. */
import { onScopeDispose, type Ref, ref } from 'vue'

import type { MediaState } from '@/protocol/mediaLink'
import type { ClosedEvent } from '@/protocol/types'
import type { Publisher } from '@/protocol/whip'

import { whenSessionEnds } from '../sessionEnd'
import type { Capture } from './useCapture'

export interface Sending {
  readonly state: Readonly<Ref<MediaState>>
  /** The account publishes from another page or machine: nothing is sent from here until `resume`. */
  readonly elsewhere: Readonly<Ref<boolean>>
  /** A `media` `closed` event of the hub. */
  closed: (event: ClosedEvent) => void
  /** Send from here again. */
  resume: () => void
  /** `told`: the hub ended the session with the meeting. */
  stop: (told?: boolean) => void
}

/** Sends from now on until `stop`, or until the calling scope ends. */
export function useSending(capture: Capture, publisher: Publisher): Sending {
  const state = ref<MediaState>('connecting')
  const elsewhere = ref(false)
  let began = false
  let over = false

  publisher.onState = (next) => {
    state.value = next
  }
  function send(): void {
    if (over || elsewhere.value) return
    const tracks = { video: capture.video.value, audio: capture.audio.value }
    if (tracks.video === null && tracks.audio === null && !began) return
    if (began) void publisher.replace(tracks)
    else publisher.publish(tracks)
    began = true
  }
  const off = capture.onTracks(send)
  send()

  function stop(told = false): void {
    if (over) return
    over = true
    off()
    publisher.stop(told)
  }
  whenSessionEnds(stop)
  onScopeDispose(() => {
    stop()
  })
  return {
    state,
    elsewhere,
    closed(event) {
      if (event.reason === 'replaced' && event.session === publisher.session) elsewhere.value = true
      publisher.closedByHub(event.session, event.reason)
    },
    resume() {
      elsewhere.value = false
      send()
    },
    stop,
  }
}
