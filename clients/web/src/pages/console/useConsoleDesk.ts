/** The desk of one meeting, as the features see it: who is meant, what is known, and how to command. */
import { computed, type Ref, ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { Centers, ConsoleDesk, TargetChoice } from '@/features/contract'
import type { Actions } from '@/parts/actions'
import { isGuest } from '@/parts/attendance'
import { soundStates } from '@/parts/soundStates'
import type { Account, Answer, DeviceState, Participant } from '@/protocol/types'
import { modeOf } from '@/state/lines'
import type { Live } from '@/state/live'
import type { MeetingRoom } from '@/state/meetingRoom'

import type { Desk } from './desk'
import { type CenterIndex, pathOf } from '@/parts/centers/tree'

export interface DeskSurroundings {
  readonly live: Live
  readonly room: MeetingRoom
  readonly account: Account
  readonly actions: Actions
  readonly people: Desk
  readonly index: Readonly<Ref<CenterIndex>>
  /** Centers ticked in the tree by hand. */
  readonly ticked: Readonly<Ref<ReadonlySet<string>>>
  readonly now: Readonly<Ref<number>>
  readonly asOf: Readonly<Ref<number | undefined>>
  /** Who is on the stage. */
  readonly onStage: Readonly<Ref<Participant | undefined>>
  /** Who is meant to be there by now: looked at, or broadcast. */
  readonly meant: Readonly<Ref<Participant | undefined>>
  readonly sends: Readonly<Ref<boolean>>
  readonly held: Readonly<Ref<boolean>>
  open: (tab: string, about?: Centers) => void
  away: (to: 'lobby' | 'record') => void
  /** What ending the meeting leaves; asked for when it is shown. */
  stays: () => readonly string[]
}

export function useConsoleDesk(given: DeskSurroundings) {
  const { live, room, account, actions, people, index } = given
  const { t } = useI18n()
  const meeting = computed(() => room.view.value?.meeting)
  const selected = ref<string | null>(null)
  const tab = ref('')

  const person = computed(() => {
    const one = people.person(selected.value) ?? given.onStage.value
    return one?.state === 'joined' && one.id !== account.id && !isGuest(one) ? one : undefined
  })

  function targetOf(one: Participant | undefined): Centers {
    if (one === undefined || one.center === account.center.code || !index.value.byCode.has(one.center)) return []
    return [{ code: one.center, name: one.center_name }]
  }
  const targets = computed<TargetChoice[]>(() => {
    const arrived = new Map(people.others.value.flatMap(targetOf).map((one) => [one.code, one]))
    const ticked = [...given.ticked.value].map((code) => ({ code, name: people.nameOf(code) }))
    return [
      // who is broadcast, even before his picture has arrived
      { id: 'stage', centers: targetOf(given.meant.value ?? given.onStage.value) },
      { id: 'selected', centers: targetOf(person.value) },
      { id: 'arrived', centers: [...arrived.values()] },
      { id: 'ticked', centers: ticked },
    ]
  })

  function uncalled(level: 'county' | 'township'): string[] {
    const known = new Set(meeting.value?.centers)
    return index.value.all.filter((one) => one.level === level && one.code !== account.center.code && !known.has(one.code)).map((one) => one.code)
  }

  function deviceWord(which: 'camera' | 'microphone', state: DeviceState): string {
    if (state === 'none') return t(`console.own.no_${which}`)
    return state === 'on' ? '' : `${t(`console.own.${which}`)}${t(`common.device.${state}`)}`
  }
  const sound = room.parts.value('sound')
  const ownSounds = room.parts.rows('own_sound')
  const units = room.parts.rows('units')
  function deviceOf(id: string): string {
    const told = room.presence.value.get(id)
    const { camera, microphone } = told ?? {}
    const unit = [...units.value.values()].find((one) => one.participant === id)
    const words = [
      ...(unit === undefined ? [] : [t('units.speaks', { title: unit.of.title, present: unit.present })]),
      ...soundStates(id, people.person(id)?.muted === true, sound.value, ownSounds.value.get(id)).map((state) => t(`sound.state.${state}`)),
      ...modeOf(told).map((one) => t(one)),
    ]
    if (camera && camera !== 'on') words.push(deviceWord('camera', camera))
    if (microphone === 'off') words.push(t('sound.state.off'))
    else if (microphone && microphone !== 'on') words.push(deviceWord('microphone', microphone))
    const quality = room.quality.value[id]
    return words.length > 0 ? words.join(' · ') : quality === undefined ? '' : t(`common.quality.${quality}`)
  }

  async function accepted(work: Promise<Answer | undefined>): Promise<boolean> {
    const answer = await work
    if (answer !== undefined) room.expect(answer.seq)
    return answer !== undefined
  }

  const desk: ConsoleDesk = {
    account,
    live,
    room,
    actions,
    meeting,
    recording: computed(() => (room.view.value?.recording ?? null) !== null),
    now: given.now,
    asOf: given.asOf,
    person,
    called: people.called,
    targets,
    centers: computed(() => index.value.all),
    levels: computed(() => (['county', 'township'] as const).filter((level) => uncalled(level).length > 0)),
    uncalled,
    sends: given.sends,
    held: given.held,
    tab,
    stays: given.stays,
    nameOf: people.nameOf,
    placeOf: (code) => pathOf(index.value, code).slice(1, -1).map((one) => one.name).join(' › '),
    deviceOf,
    targetOf,
    select: (participant) => {
      selected.value = participant
    },
    open: given.open,
    order: (centers) => {
      given.open('orders', centers)
    },
    send: (name, kind, data) => accepted(actions.run(name, kind, data, room.id)),
    add: (name, kind, data) => accepted(actions.add(name, kind, data, room.id)),
    away: given.away,
    t: (key, words) => t(key, words ?? {}),
  }
  return { desk, selected, tab }
}
