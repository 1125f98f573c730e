/** Being in a meeting: follow it, watch the stage, publish what there is, and say truly how that goes. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

import type { MediaState } from '@/protocol/mediaLink'
import type { Account, PauseEvent } from '@/protocol/types'
import { type Slots, Watcher } from '@/protocol/whep'
import { Publisher } from '@/protocol/whip'
import type { Live } from '@/state/live'
import { useMeetingRoom } from '@/state/meetingRoom'

import { type Facts, heard, seen } from './truth'
import type { OwnMedia } from './useCapture'

const AUDIO_SLOTS = 3
/** A village's line carries this even on a bad day. */
const PICTURE = { maxBitrate: 450_000, maxFramerate: 20 }

/** Lives as long as the scope that calls it; `leave` ends it before. */
export function useCall(live: Live, account: Account, meeting: string, own: OwnMedia) {
  const room = useMeetingRoom(live, meeting)
  const watcher = new Watcher(meeting, { video: 1, audio: AUDIO_SLOTS }, (session, video) =>
    live.socket.call('select', { session, video }),
  )
  const publisher = new Publisher(meeting, undefined, PICTURE)
  const slots = shallowRef<Slots>(watcher.slots)
  const watching = ref<MediaState>('connecting')
  const publishing = ref<MediaState>('connecting')
  const paused = ref(false)
  const mutedHere = ref(false)
  /** Whether anything was ever there to publish. */
  let began = false
  let lastPause: PauseEvent | undefined
  let over = false

  watcher.onSlots = (next) => (slots.value = next)
  watcher.onState = (state) => (watching.value = state)
  publisher.onState = (state) => {
    publishing.value = state
    paused.value = false
    if (state === 'connected' && lastPause) heed(lastPause)
  }
  function heed(event: PauseEvent): void {
    // The event may overtake the answer that names the session: kept until then.
    lastPause = event
    if (event.session !== publisher.session) return
    paused.value = event.paused
    void publisher.pause(event.paused)
  }
  room.attach({
    slots: (event) => {
      watcher.moved(event)
    },
    closed: (event) => {
      watcher.closedByHub(event.session, event.reason)
      publisher.closedByHub(event.session, event.reason)
    },
    pause: heed,
  })
  const offHello = live.socket.on('hello', () => {
    watcher.nudge()
    publisher.nudge()
    void watcher.say()
    tell()
  })

  function tell(): void {
    const microphone = own.microphone.value === 'on' && mutedHere.value ? 'off' : own.microphone.value
    void live.socket.call('device', { meeting, camera: own.camera.value, microphone }).catch(() => undefined)
  }
  watch([own.camera, own.microphone, mutedHere], tell)

  function send(): void {
    if (over) return
    const tracks = { video: own.video.value, audio: own.audio.value }
    if (tracks.audio) tracks.audio.enabled = !mutedHere.value
    if (tracks.video === null && tracks.audio === null && !began) return
    if (began) void publisher.replace(tracks)
    else publisher.publish(tracks)
    began = true
  }
  own.onChange = send
  watcher.start()
  void own.take()

  const me = computed(() => room.view.value?.meeting.participants.find((one) => one.id === account.id))
  const onAir = computed(() => room.view.value?.meeting.broadcast === account.id)
  const facts = computed<Facts>(() => {
    const source = room.sources.value.get(account.id)
    return {
      inMeeting: true,
      publish: publishing.value === 'connected' ? 'connected' : publishing.value === 'stopped' ? 'stopped' : 'connecting',
      microphone: own.microphone.value,
      camera: own.camera.value,
      muted: me.value?.muted ?? false,
      mutedHere: mutedHere.value,
      received: source ? { audio: source.audio !== null, video: source.video !== null } : null,
      silent: own.silent.value,
      paused: paused.value,
      onAir: onAir.value,
    }
  })
  const named = (id: string | null): string => {
    const person = id === null ? undefined : room.view.value?.meeting.participants.find((one) => one.id === id)
    return person ? `${person.center_name} ${person.name}` : ''
  }

  function leave(): void {
    if (over) return
    over = true
    own.onChange = () => undefined
    offHello()
    watcher.stop()
    publisher.stop()
    room.leave()
  }
  onScopeDispose(leave)

  return {
    meeting,
    room,
    watching,
    publishing,
    mutedHere,
    onAir,
    facts,
    stage: watcher.video[0],
    sounds: watcher.audio,
    heard: computed(() => heard(facts.value)),
    seen: computed(() => seen(facts.value)),
    mutedByChair: computed(() => me.value?.muted ?? false),
    stageName: computed(() => named(slots.value.video[0] ?? null)),
    speaker: computed(() => room.speaker.value),
    speakerName: computed(() => named(room.speaker.value)),
    quality: computed(() => room.quality.value[account.id]),
    title: computed(() => room.view.value?.meeting.title ?? ''),
    toggleMute: () => {
      mutedHere.value = !mutedHere.value
      if (own.audio.value) own.audio.value.enabled = !mutedHere.value
    },
    /** After the account joined elsewhere: take picture and sound back to this page. */
    resume: () => {
      if (publishing.value === 'stopped') {
        publishing.value = 'connecting'
        publisher.publish({ video: own.video.value, audio: own.audio.value })
      }
      if (watching.value === 'stopped') watcher.start()
    },
    leave,
  }
}

export type StationCall = ReturnType<typeof useCall>
