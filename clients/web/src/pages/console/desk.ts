/** What the meeting desk shows, put together from the meeting, presence and media. */
import { computed, type ComputedRef, type Ref } from 'vue'

import type { Account, Participant } from '@/protocol/types'
import type { Live } from '@/state/live'
import { compare } from '@/state/documents'
import type { MeetingRoom } from '@/state/meetingRoom'

import { useAround } from '@/parts/around'
import { asGuest, attendance, type Called, isArrived, isAway, personState, plateOf, type StateWord, type Surroundings } from '@/parts/attendance'
import type { CenterIndex } from '@/parts/centers/tree'

export interface Missing {
  readonly code: string
  readonly name: string
  readonly state: StateWord
}

export interface Desk {
  readonly around: ComputedRef<Surroundings>
  /** Every called center with its state. */
  readonly called: ComputedRef<Called[]>
  /** Everybody in the meeting but oneself, in the order of arrival. */
  readonly others: ComputedRef<Participant[]>
  /** Of them those without a line for a minute: they have no tile until they are back. */
  readonly away: ComputedRef<ReadonlySet<string>>
  /** Called centers that nobody has joined for, those that ring first. */
  readonly missing: ComputedRef<Missing[]>
  person: (id: string | null | undefined) => Participant | undefined
  stateOf: (person: Participant) => StateWord
  nameOf: (code: string) => string
}

export function useDesk(
  live: Live,
  room: MeetingRoom,
  index: Readonly<Ref<CenterIndex>>,
  account: Account,
  now: Readonly<Ref<number>>,
): Desk {
  const around = useAround(live, room, now)
  const meeting = computed(() => room.view.value?.meeting)
  const called = computed(() => (meeting.value === undefined ? [] : attendance(meeting.value, around.value)))
  const brought = room.parts.rows('cameras_here')
  /** A camera's plate says which it is, not only whose. */
  const cameras = computed(() => new Map([...brought.value].map(([id, one]) => [id, { ...one, center_name: plateOf(one) }])))
  const phones = room.parts.rows('phones_here')
  const others = computed(() =>
    [...(meeting.value?.participants ?? []), ...cameras.value.values(), ...phones.value.values()]
      .filter((person) => person.id !== account.id && person.state === 'joined')
      .sort((a, b) => compare(a.joined_at, b.joined_at) || compare(a.id, b.id)),
  )
  const away = computed(() => new Set(others.value.map((one) => one.id).filter((id) => isAway(id, around.value))))
  function nameOf(code: string): string {
    const center = index.value.byCode.get(code)
    return center?.name ?? meeting.value?.participants.find((one) => one.center === code)?.center_name ?? code
  }
  const missing = computed(() =>
    called.value
      .filter((one) => !isArrived(one.state) && one.people.length === 0)
      .map((one) => ({ code: one.code, name: nameOf(one.code), state: one.state }))
      .sort((a, b) => Number(b.state === 'calling') - Number(a.state === 'calling')),
  )
  return {
    around,
    called,
    others,
    away,
    missing,
    person: (id) => {
      if (typeof id !== 'string') return undefined
      const seat = meeting.value?.participants.find((one) => one.id === id) ?? cameras.value.get(id) ?? phones.value.get(id)
      const guest = seat === undefined ? room.person(id) : undefined
      return guest === undefined ? seat : asGuest(guest)
    },
    stateOf: (person) => personState(person, around.value),
    nameOf,
  }
}
