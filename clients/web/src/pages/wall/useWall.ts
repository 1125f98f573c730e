/** The wall's side of a meeting: what this screen shows, one watching session for it, and its coming back by itself. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'

import { asGuest, presentOf } from '@/parts/attendance'
import { cellOf, type MosaicCell } from '@/parts/mosaic/cells'
import { type Shape, shareOf, wordsOf } from '@/parts/mosaic/grids'
import { briefly, soundStates } from '@/parts/soundStates'
import { tileSizes } from '@/parts/tileSizes'
import type { MediaState } from '@/protocol/mediaLink'
import { Refused } from '@/protocol/refusal'
import { participantOf, screenOf } from '@/protocol/sources'
import type { Account, ClosedEvent, Participant, Screens, SlotChoice, Stage } from '@/protocol/types'
import { MOST_AUDIO_SLOTS, MOST_VIDEO_SLOTS, type Slots, Watcher } from '@/protocol/whep'
import type { Live } from '@/state/live'
import { useMeetingRoom } from '@/state/meetingRoom'

/** One picture, of who is on the stage. */
const ONE: Shape = { grid: '1', cells: [null], plates: true }
/** The last slot is for the screen beside the speaker. */
const CELLS = MOST_VIDEO_SLOTS - 1
/** So long (ms) before a session that the hub ended is begun again. */
const AGAIN_MS = 5_000

/** What a screen shows; without a number, or nothing of its own, the layout of the wall. */
export function shownOn(screen: string, stage: Stage | undefined, screens: Screens | undefined): Shape {
  const wall = stage?.layout ?? ONE
  const { layout = null, share = null } = screens?.by_number[screen] ?? {}
  if (layout !== null) return layout
  return share === null ? wall : shareOf(wall, share)
}

/** Why a wall shows nothing, or not all: keys of `stage.wallPage.trouble`. */
export type Trouble = 'ended' | 'removed' | 'left' | 'replaced' | 'reading' | 'connecting' | 'again'

/** Lives as long as the calling scope. */
export function useWall(live: Live, account: Account, meeting: string, screen: string) {
  const { t } = useI18n()
  const room = useMeetingRoom(live, meeting)
  const watcher = new Watcher(meeting, { video: MOST_VIDEO_SLOTS, audio: MOST_AUDIO_SLOTS }, (selection) => live.socket.call('select', selection))
  const slots = shallowRef<Slots>(watcher.slots)
  const watching = ref<MediaState>('connecting')
  const closed = ref<ClosedEvent['reason']>()
  let timer: ReturnType<typeof setTimeout> | undefined

  watcher.onSlots = (next) => (slots.value = next)
  watcher.onState = (state) => {
    watching.value = state
    if (state === 'connected') closed.value = undefined
    clearTimeout(timer)
    // another page took its place, or the meeting is over: that was meant
    if (state === 'stopped' && closed.value !== 'replaced') timer = setTimeout(begin, AGAIN_MS)
  }
  room.attach({
    slots: (event) => {
      watcher.moved(event)
    },
    tiles: (event) => {
      watcher.judged(event)
    },
    closed: (event) => {
      if (event.session === watcher.session) closed.value = event.reason
      watcher.closedByHub(event.session, event.reason)
    },
    watched: () => undefined,
  })

  const view = computed(() => room.view.value?.meeting)
  const me = computed(() => view.value?.participants.find((one) => one.id === account.id))
  const here = computed(() => me.value?.state === 'joined')
  const stage = room.parts.value('stage')
  const screens = room.parts.value('screens')
  const sound = room.parts.value('sound')
  const ownSounds = room.parts.rows('own_sound')
  const pause = room.parts.value('pause')
  const shape = computed(() => shownOn(screen, stage.value, screens.value))
  const second = computed(() => {
    const who = stage.value?.second ?? null
    return who === null ? undefined : screenOf(who)
  })
  const wanted = computed<SlotChoice[]>(() => {
    const words = wordsOf(shape.value)
    return [...words, ...Array.from({ length: CELLS - words.length }, () => null), second.value ?? null]
  })
  watch(
    wanted,
    (next) => {
      watcher.choose(next)
    },
    { immediate: true },
  )

  function begin(): void {
    clearTimeout(timer)
    if (here.value && view.value?.state === 'open') watcher.start()
  }
  watch([here, () => view.value?.state], begin)
  /** A wall that is opened comes into the meeting; who left it meanwhile is not brought back unasked. */
  async function join(): Promise<void> {
    try {
      const answer = await live.command('meeting.join', {}, meeting)
      room.expect(answer.seq)
    } catch (error) {
      if (!(error instanceof Refused)) throw error // the command is kept, and given again
    }
  }
  void join()

  const offHello = live.socket.on('hello', () => {
    watcher.nudge()
    void watcher.say()
  })
  onScopeDispose(() => {
    offHello()
    clearTimeout(timer)
    watcher.onState = () => undefined
    watcher.stop()
  })

  const person = (id: string): Participant | undefined => {
    const seat = view.value?.participants.find((one) => one.id === id)
    const guest = seat === undefined ? room.person(id) : undefined
    return guest === undefined ? seat : asGuest(guest)
  }
  const more = (who: Participant | undefined): string => (who === undefined ? '' : `${t(`common.level.${who.level}`)} · ${presentOf(who)}`)
  const cells = computed<MosaicCell[]>(() =>
    shape.value.cells.map((put, at) => {
      const source = slots.value.video[at] ?? null
      const who = source === null ? put : participantOf(source)
      const whose = who === null ? undefined : person(who)
      const cell = cellOf({ wanted: put, source, stream: watcher.video[at], person: whose, more: more(whose), sound: who === null ? [] : briefly(soundStates(who, whose?.muted === true, sound.value, ownSounds.value.get(who), room.presence.value.get(who)?.microphone === 'off')), broadcast: stage.value?.broadcast ?? null, me: '', picture: undefined })
      // nobody is seen in a paused meeting: that is said once, above the pictures, and not that somebody is missing
      if (pause.value?.paused === true) return { ...cell, stream: undefined, why: '' }
      // nobody is sent his own picture: not on a wall of his either
      return who === account.id ? { ...cell, why: 'self' } : cell
    }),
  )
  const beside = computed(() => {
    const source = slots.value.video[CELLS] ?? null
    const whose = source === null ? undefined : person(participantOf(source))
    return source === null ? undefined : { source, stream: watcher.video[CELLS], name: whose?.center_name ?? '' }
  })
  const trouble = computed<Trouble | undefined>(() => {
    if (view.value?.state === 'ended') return 'ended'
    if (me.value?.state === 'removed') return 'removed'
    if (me.value?.state === 'left') return 'left'
    if (closed.value === 'replaced') return 'replaced'
    if (view.value === undefined) return 'reading'
    if (watching.value === 'connected') return undefined
    return watching.value === 'connecting' || !here.value ? 'connecting' : 'again'
  })
  return {
    room,
    sounds: watcher.audio,
    nameOf: (center: string) => view.value?.participants.find((one) => one.center === center)?.center_name ?? center,
    view,
    shape,
    cells,
    beside,
    trouble,
    sizes: tileSizes(watcher.video, (at, size) => {
      watcher.sized(at, size)
    }),
    /** Come in again after having left, or take the session back from another page. */
    again: () => {
      closed.value = undefined
      if (here.value) watcher.start()
      else void join()
    },
  }
}
