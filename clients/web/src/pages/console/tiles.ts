/** What stands in the wall: a tile for every camera and every shared screen, with its state and its quality. */
import { computed, type ComputedRef, type Ref } from 'vue'

import { isScreen, participantOf, screenOf } from '@/protocol/sources'
import type { Participant, Quality } from '@/protocol/types'
import { modeOf } from '@/state/lines'
import type { MeetingRoom } from '@/state/meetingRoom'

import { isCamera, type StateWord } from '@/parts/attendance'
import { type CameraTrouble, troubleOf } from '@/parts/camera/brought'
import { playsCameras } from '@/parts/camera/plays'
import type { Desk } from './desk'
import { type ConsoleMedia, TILE_SLOTS } from './media'
import { SpeakerOrder } from './wall'
import { soundStates } from '@/parts/soundStates'

export interface Tile {
  /** The word of the source that it shows. */
  readonly source: string
  readonly screen: boolean
  readonly person: Participant
  readonly state: StateWord
  readonly stream: MediaStream | undefined
  readonly hasPicture: boolean
  /** Of a camera: what is wrong with its picture. */
  readonly trouble: CameraTrouble | undefined
  readonly level: number | undefined
  /** How well the picture gets through to here; undefined while there is none. */
  readonly quality: Quality | undefined
  /** How a person is heard and hears beyond being muted, and how his line is used, as words to look up; of a shared screen nothing. */
  readonly mode: readonly string[]
}

export interface Tiles {
  readonly all: ComputedRef<Tile[]>
  /** Whether the hub receives this source. */
  sends: (source: string) => boolean
  /** What is wrong with the picture of this camera; of anybody else nothing. */
  trouble: (source: string) => CameraTrouble | undefined
}

/** `pinned`: sources that stay on the first page, whoever speaks. */
export function useTiles(desk: Desk, room: MeetingRoom, media: ConsoleMedia, pinned: Readonly<Ref<readonly (string | null)[]>>): Tiles {
  const order = new SpeakerOrder()
  const sound = room.parts.value('sound')
  const ownSounds = room.parts.rows('own_sound')

  /** That he is muted by the chair is the tile's own word. */
  const heard = (person: Participant): string[] =>
    soundStates(person.id, person.muted, sound.value, ownSounds.value.get(person.id), room.presence.value.get(person.id)?.microphone === 'off')
      .filter((state) => state !== 'muted' && state !== 'mutedFast')
      .map((state) => `sound.state.${state}`)

  function sends(source: string): boolean {
    const found = room.sources.value.get(participantOf(source))
    return ((isScreen(source) ? found?.screen : found?.video) ?? null) !== null
  }

  const trouble = (source: string): CameraTrouble | undefined => (isCamera(source) ? troubleOf(room.brought.value.get(source), playsCameras()) : undefined)

  const sources = computed(() => {
    const people = desk.others.value.map((one) => one.id)
    // what somebody shows is meant to be looked at: it stands first
    const away = desk.away.value
    const screens = people.filter((one) => !away.has(one)).map(screenOf).filter(sends)
    const here = new Set(people)
    const stay = new Set(pinned.value.flatMap((one) => (one !== null && here.has(one) ? [one] : [])))
    const first = Math.max(1, TILE_SLOTS - screens.length)
    return [...screens, ...order.arrange(people, room.speaker.value, stay, first, away)]
  })

  const all = computed(() =>
    sources.value.flatMap((source) => {
      const person = desk.person(participantOf(source))
      if (person === undefined) return []
      const screen = isScreen(source)
      return [
        {
          source,
          screen,
          person,
          state: desk.stateOf(person),
          stream: media.tile(source),
          hasPicture: sends(source),
          trouble: trouble(source),
          level: screen ? undefined : room.levels.value[person.id],
          quality: media.quality(source, 'tile'),
          mode: screen ? [] : [...heard(person), ...modeOf(room.presence.value.get(person.id))],
        },
      ]
    }),
  )
  return { all, sends, trouble }
}
