/** Several pictures beside each other on the desk: who stands in which cell, filled as the desk knows who sends and speaks. */
import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

import { presentOf } from '@/parts/attendance'
import { cellOf, type MosaicCell } from '@/parts/mosaic/cells'
import { leads, type Shape, seenBy } from '@/parts/mosaic/grids'
import { briefly, soundStates } from '@/parts/soundStates'
import { screenOf } from '@/protocol/sources'
import type { MeetingRoom } from '@/state/meetingRoom'

import type { Desk } from './desk'
import type { ConsoleMedia } from './media'
import { assignSlots } from './wall'

export interface DeskMosaic {
  /** Several pictures; undefined for one. */
  readonly shape: ComputedRef<Shape | undefined>
  readonly cells: ComputedRef<readonly MosaicCell[]>
  /** The screen beside the speaker; undefined while nobody shares one so, or only oneself. */
  readonly second: ComputedRef<MosaicCell | undefined>
  /** What has to be in a slot for all of it. */
  readonly sources: ComputedRef<readonly string[]>
}

export interface MosaicGiven {
  readonly room: MeetingRoom
  readonly me: string
  readonly people: Desk
  readonly media: ConsoleMedia
  readonly sends: (source: string) => boolean
  readonly own: Readonly<Ref<MediaStream | undefined>>
  /** Who stands on the stage. */
  readonly stageSource: Readonly<Ref<string | null>>
  /** Whether oneself looks at somebody: then that is what one sees. */
  readonly looks: Readonly<Ref<boolean>>
}

export function useDeskMosaic({ room, me, people, media, sends, own, stageSource, looks }: MosaicGiven): DeskMosaic {
  const { t } = useI18n()
  const stage = room.parts.value('stage')
  const sound = room.parts.value('sound')
  const ownSounds = room.parts.rows('own_sound')
  const seen = computed(() => seenBy(stage.value, me))
  /** A weak line carries one picture: that is shown, and no cells that stay black. */
  const carries = computed(() => room.line.pictures.value === 'all')
  const shape = computed(() => (looks.value || !carries.value ? undefined : (seen.value.shape ?? undefined)))
  let filled: (string | null)[] = []
  let spoke: string[] = []

  /** By cell: a source, or null. An empty one is filled by who is broadcast, who spoke last, who sends; he stays while he does. */
  const standing = computed<(string | null)[]>(() => {
    const shown = shape.value
    if (shown === undefined) return []
    const { speaker } = room
    if (speaker.value !== null) spoke = [speaker.value, ...spoke.filter((one) => one !== speaker.value)].slice(0, 25)
    const leading = leads(shown.grid) && shown.cells[0] === null
    const named = new Set([...shown.cells, ...(leading ? [stageSource.value] : []), me])
    const free = shown.cells.filter((who, at) => who === null && !(leading && at === 0)).length
    const first = stage.value?.broadcast ?? null
    const coming = [...(first === null ? [] : [first]), ...spoke, ...people.others.value.map((one) => one.id)]
    filled = assignSlots(filled.slice(0, free), [...new Set(coming)].filter((who) => !named.has(who) && sends(who)), free)
    const fill = [...filled]
    return shown.cells.map((who, at) => who ?? (leading && at === 0 ? stageSource.value : (fill.shift() ?? null)))
  })
  const more = (who: string | null): string => {
    const person = people.person(who)
    return person === undefined ? '' : `${t(`common.level.${person.level}`)} · ${presentOf(person)}`
  }
  const cells = computed(() =>
    standing.value.map((source, at) =>
      cellOf({
        wanted: source,
        source: source !== null && source !== me ? source : null,
        stream: source === null ? undefined : source === stageSource.value && shape.value?.cells[at] === null ? media.stage : media.tile(source),
        person: people.person(source),
        more: more(source),
        sound: source === null ? [] : briefly(soundStates(source, people.person(source)?.muted === true, sound.value, ownSounds.value.get(source), room.presence.value.get(source)?.microphone === 'off')),
        broadcast: stage.value?.broadcast ?? null,
        me,
        picture: own.value,
        silent: source !== null && !sends(source),
      }),
    ),
  )
  const second = computed(() => {
    const who = seen.value.second
    const person = people.person(who)
    if (!carries.value || who === null || person === undefined || !sends(screenOf(who))) return undefined
    const source = screenOf(who)
    const name = t('console.tile.screenOf', { who: person.center_name })
    return { ...cellOf({ wanted: who, source, stream: media.tile(source), person, more: presentOf(person), broadcast: null, me, picture: undefined }), name }
  })
  const sources = computed(() => [
    ...new Set([...(second.value === undefined ? [] : [second.value.source ?? '']), ...standing.value.filter((one): one is string => one !== null && one !== me)]),
  ])
  return { shape, cells, second, sources }
}
