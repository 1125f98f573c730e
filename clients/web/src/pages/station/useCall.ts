/** Being in a meeting: follow it, watch the stage, publish what there is, and say truly how that goes. */
import { computed, onScopeDispose, ref, watch } from 'vue'

import { heardOnly } from '@/parts/soundStates'
import { tileSizes } from '@/parts/tileSizes'
import { cut, seenBy, wordsOf } from '@/parts/mosaic/grids'
import { STATION_CAMERA } from '@/protocol/encodings'
import { isScreen, participantOf, screenOf } from '@/protocol/sources'
import { type Account, STAGE } from '@/protocol/types'
import { Publisher } from '@/protocol/whip'
import { useMeetingMedia } from '@/state/capture/useMeetingMedia'
import type { Live } from '@/state/live'
import { useMeetingRoom } from '@/state/meetingRoom'
import { useScreenShare } from '@/state/screenShare'
import { whenSessionEnds } from '@/state/sessionEnd'

import { type Facts, heard, seen } from './truth'
import type { OwnMedia } from './useOwnMedia'

/** So many pictures of a layout a station takes at most, small as they are; one more is for the screen beside them. */
const MOST_CELLS = 9
/** So long (ms) has another machine to be silent before this one takes the call back: it may only be reconnecting. */
const FREE_MS = 6_000

/** Lives as long as the scope that calls it; `leave` ends it before. */
export function useCall(live: Live, account: Account, meeting: string, own: OwnMedia, muted = false) {
  const room = useMeetingRoom(live, meeting)
  own.enable('audio', !muted)
  const { watcher, publisher, sending, slots, watching, stop } = useMeetingMedia(live, room, account.id, own, MOST_CELLS + 1, new Publisher(meeting, undefined, STATION_CAMERA))
  const sharing = useScreenShare(live, room)
  const paused = ref(false)
  const mutedHere = computed(() => !own.enabled.value.microphone)
  let over = false

  publisher.onPaused = (next) => (paused.value = next)
  const publishing = sending.state
  const publish = computed<Facts['publish']>(() => {
    if (sending.elsewhere.value) return 'stopped'
    if (publishing.value === 'stopped' && publisher.refusal !== undefined) return 'refused'
    return publishing.value === 'connected' ? 'connected' : 'connecting'
  })
  void own.take()

  const me = computed(() => room.view.value?.meeting.participants.find((one) => one.id === account.id))
  const waiting = room.parts.rows('waiting')
  const rests = room.parts.value('pause')
  /** At the door of a locked meeting: not in it yet, or not let in. */
  const door = computed(() => waiting.value.get(account.id)?.state)
  const onAir = computed(() => room.view.value?.meeting.broadcast === account.id)
  const roll = room.parts.value('roll_call')
  const sound = room.parts.value('sound')
  const floor = room.parts.rows('floor')
  const only = computed(() => heardOnly(account.id, sound.value, roll.value, floor.value))
  const facts = computed<Facts>(() => {
    const source = room.sources.value.get(account.id)
    return {
      inMeeting: door.value === undefined,
      rests: rests.value?.paused ?? false,
      publish: publish.value,
      microphone: own.microphone.value,
      camera: own.camera.value,
      lost: own.lost.value,
      muted: me.value?.muted ?? false,
      only: only.value,
      mutedHere: mutedHere.value,
      received: source ? { audio: source.audio !== null, video: source.video !== null } : null,
      silent: own.silent.value,
      paused: paused.value,
      soundOnly: room.line.pictures.value === 'none',
      onAir: onAir.value,
      stale: live.freshness.stale.value,
    }
  })
  const named = (id: string | null): string => {
    const person = id === null ? undefined : room.person(id)
    return person ? `${person.center_name} ${person.name}` : ''
  }
  const stageSource = computed(() => slots.value.video[0] ?? null)
  const stagePart = room.parts.value('stage')
  const seenNow = computed(() => seenBy(stagePart.value, account.id))
  /** Several pictures beside each other, where the line carries more than one. */
  const mosaic = computed(() => {
    const { shape } = seenNow.value
    return shape === null || shape.grid === '1' || room.line.pictures.value !== 'all' ? undefined : cut(shape, MOST_CELLS)
  })
  /** The screen beside the speaker; on a line that carries one picture it is that picture. */
  const second = computed(() => (seenNow.value.second === null || room.line.pictures.value === 'none' ? undefined : screenOf(seenNow.value.second)))
  watch(
    [mosaic, second, room.line.pictures, seenNow],
    () => {
      const all = room.line.pictures.value === 'all'
      const first = seenNow.value.shape?.grid === '1' ? (seenNow.value.shape.cells[0] ?? STAGE) : STAGE
      const cells = mosaic.value === undefined ? [all ? first : (second.value ?? STAGE)] : wordsOf(mosaic.value)
      const rest = Array.from({ length: MOST_CELLS - cells.length }, () => null)
      watcher.choose([...cells, ...rest, all ? (second.value ?? null) : null])
    },
    { immediate: true },
  )

  /** After the account joined elsewhere: take picture and sound back to this page. */
  function resume(): void {
    clearTimeout(returning)
    if (over) return
    sending.resume()
    void own.take()
    if (watching.value === 'stopped') watcher.start()
  }
  // Nobody sends from here: nothing is captured. When the other machine sends no longer, this one goes on by itself.
  let returning: ReturnType<typeof setTimeout> | undefined
  watch(sending.elsewhere, (elsewhere) => {
    if (elsewhere) own.letGo()
  })
  watch(
    () => sending.elsewhere.value && !live.freshness.stale.value && room.presence.value.get(account.id)?.publishing === false,
    (free) => {
      clearTimeout(returning)
      if (free) returning = setTimeout(resume, FREE_MS)
    },
  )

  function leave(): void {
    clearTimeout(returning)
    if (over) return
    over = true
    stop()
    sharing.stop()
    room.leave()
  }
  whenSessionEnds(leave)
  onScopeDispose(leave)

  return {
    meeting,
    room,
    watching,
    publishing,
    /** The account takes part from another machine: nothing is captured here until `resume`. */
    elsewhere: sending.elsewhere,
    recording: room.recording,
    mutedHere,
    onAir,
    facts,
    stage: watcher.video[0],
    mosaic,
    /** What stands in each cell: whom the chair put there, and what the hub shows. */
    cells: computed(() => (mosaic.value?.cells ?? []).map((wanted, at) => ({ wanted, source: slots.value.video[at] ?? null, stream: watcher.video[at] }))),
    /** The screen beside the speaker, while it comes. */
    second: computed(() => {
      const source = slots.value.video[MOST_CELLS] ?? null
      return source === null ? undefined : { source, stream: watcher.video[MOST_CELLS], name: named(participantOf(source)) }
    }),
    broadcast: computed(() => stagePart.value?.broadcast ?? null),
    /** Of how many pictures a station shows only the first ones. */
    left: computed(() => (mosaic.value === undefined ? 0 : (seenNow.value.shape?.cells.length ?? 0) - mosaic.value.cells.length)),
    sounds: watcher.audio,
    heard: computed(() => heard(facts.value)),
    seen: computed(() => seen(facts.value)),
    /** The chair has put this account out of the meeting. */
    removed: computed(() => me.value?.state === 'removed'),
    /** How it stands at the door of a locked meeting; undefined: it is in. */
    door,
    mutedByChair: computed(() => me.value?.muted ?? false),
    /** The line of this call, as its own connections count it. */
    line: async () => (await import('@/state/capture/line')).readLine(publisher, watcher),
    sharing,
    sizes: tileSizes(watcher.video, (at, size) => {
      watcher.sized(at, size)
    }),
    stageName: computed(() => named(stageSource.value === null ? null : participantOf(stageSource.value))),
    /** Whether the stage shows a shared screen, not a camera. */
    stageScreen: computed(() => stageSource.value !== null && isScreen(stageSource.value)),
    speaker: computed(() => room.speaker.value),
    speakerName: computed(() => named(room.speaker.value)),
    uplink: computed(() => room.uplinks.value.get(account.id)?.state),
    downlink: computed(() => room.downlinks.value.get(account.id)?.state),
    taken: room.line,
    title: computed(() => room.view.value?.meeting.title ?? ''),
    toggleMute: () => {
      own.enable('audio', mutedHere.value)
    },
    resume,
    leave,
  }
}

export type StationCall = ReturnType<typeof useCall>
