/** Sharing one's screen with a meeting: asked for, sent as a source of its own, ended from here or by the browser's key. */
import { onScopeDispose, type Ref, ref } from 'vue'

import { SCREEN, SCREEN_FRAMERATE, SCREEN_HEIGHT, SCREEN_WIDTH } from '@/protocol/encodings'
import type { MediaState } from '@/protocol/mediaLink'
import { Publisher } from '@/protocol/whip'

import type { Live } from './live'
import type { MeetingRoom } from './meetingRoom'
import { whenSessionEnds } from './sessionEnd'

/** `asking`: the browser asks which screen. `waiting`: chosen, and not with the hub (yet, or again). */
export type SharingState = 'off' | 'asking' | 'waiting' | 'on'
/** Why nothing is shared: keys of `common.sharing.problem`. */
export type SharingProblem = 'denied' | 'unsupported' | 'failed' | 'elsewhere' | 'refused'

export interface ScreenShare {
  readonly state: Readonly<Ref<SharingState>>
  readonly problem: Readonly<Ref<SharingProblem | undefined>>
  /** Whether this browser can share a screen at all; phones cannot. */
  readonly possible: boolean
  toggle: () => Promise<void>
  /** `told`: the hub ended the session with the meeting. */
  stop: (told?: boolean) => void
}

/** What of navigator.mediaDevices is used; tests bring a fake. */
export interface Screens {
  getDisplayMedia: (options: DisplayMediaStreamOptions) => Promise<MediaStream>
}

const PROBLEM_MS = 7000

/** What browsers call it when somebody says no, also by closing the question. */
export function problemOf(failure: unknown): SharingProblem {
  const name = failure instanceof Error || failure instanceof DOMException ? failure.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError' || name === 'AbortError') return 'denied'
  return name === 'NotSupportedError' || name === 'TypeError' ? 'unsupported' : 'failed'
}

function browserScreens(): Screens | undefined {
  // no such object on plain http, no such method on phones
  const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined
  return typeof devices?.getDisplayMedia === 'function' ? (devices as MediaDevices) : undefined
}

/** Lives as long as the scope that calls it. */
export function useScreenShare(
  live: Live,
  room: MeetingRoom,
  screens: Screens | undefined = browserScreens(),
  publisher: Publisher = new Publisher(room.id, undefined, SCREEN),
): ScreenShare {
  const state = ref<SharingState>('off')
  const problem = ref<SharingProblem>()
  let track: MediaStreamTrack | undefined
  let forgetting: ReturnType<typeof setTimeout> | undefined
  let over = false

  function say(word: SharingProblem | undefined): void {
    problem.value = word
    clearTimeout(forgetting)
    if (word !== undefined) forgetting = setTimeout(() => (problem.value = undefined), PROBLEM_MS)
  }

  function drop(): void {
    if (track !== undefined) {
      track.onended = null
      track.stop()
      track = undefined
    }
    state.value = 'off'
  }

  publisher.onState = (link: MediaState, refusal) => {
    if (track === undefined) return
    if (link === 'stopped') {
      // ended by the hub: shared from another page, or refused
      say(refusal === undefined ? 'elsewhere' : 'refused')
      drop()
    } else state.value = link === 'connected' ? 'on' : 'waiting'
  }
  room.attach({
    slots: () => undefined,
    tiles: () => undefined,
    closed: (event) => {
      publisher.closedByHub(event.session, event.reason)
    },
    watched: (event) => {
      publisher.heed(event)
    },
  })
  const offHello = live.socket.on('hello', () => {
    publisher.nudge()
  })

  function stop(told = false): void {
    drop()
    publisher.stop(told)
  }

  async function begin(): Promise<void> {
    if (over) return
    say(undefined)
    if (screens === undefined) {
      say('unsupported')
      return
    }
    state.value = 'asking'
    let stream: MediaStream
    try {
      stream = await screens.getDisplayMedia({
        video: {
          width: { max: SCREEN_WIDTH },
          height: { max: SCREEN_HEIGHT },
          frameRate: { max: SCREEN_FRAMERATE },
        },
        audio: false,
      })
    } catch (failure) {
      state.value = 'off'
      say(problemOf(failure))
      return
    }
    const [taken] = stream.getVideoTracks()
    if (taken === undefined || over) {
      for (const one of stream.getTracks()) one.stop()
      state.value = 'off'
      return
    }
    track = taken
    // the browser has a key of its own to end it; a closed window ends it, too
    taken.onended = () => {
      stop()
    }
    state.value = 'waiting'
    publisher.publish({ video: taken, audio: null })
  }

  whenSessionEnds(() => {
    over = true
    stop()
  })
  onScopeDispose(() => {
    over = true
    clearTimeout(forgetting)
    offHello()
    stop()
  })
  return {
    state,
    problem,
    possible: screens !== undefined,
    async toggle() {
      if (state.value === 'off') await begin()
      else if (state.value !== 'asking') stop()
    },
    stop,
  }
}
