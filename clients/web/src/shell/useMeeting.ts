/** The meeting one is in, whatever room one walks through: the address of 指挥 begins it, leaving or its end ends it. */
import { effectScope, type EffectScope, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue'
import type { RouteLocationNormalizedLoaded, Router } from 'vue-router'

import type { Api } from '@/protocol/api'
import type { Account, OpenCall, Summary } from '@/protocol/types'
import type { Live } from '@/state/live'
import { type MeetingRoom, useMeetingRoom } from '@/state/meetingRoom'

/** So often (ms) the list is read while somebody looks at it: who comes and goes is no news of the list. */
const LOOK_MS = 15_000
/** The meeting that one left by hand: a page that is loaded again does not go back into it. */
const LEFT = 'lianxian.left'
/** The meeting that this window is in: loaded again in another room, it is in it there. */
const IN = 'lianxian.in'

/** Where one begins: from here one is taken into the meeting that one called. */
const STARTS: readonly unknown[] = ['overview', 'command']

export interface OneMeeting {
  /** Id of the meeting one is in. */
  readonly id: Readonly<Ref<string | undefined>>
  readonly room: Readonly<Ref<MeetingRoom | undefined>>
  /** The meetings that run, as far as one may see them. */
  readonly meetings: Readonly<Ref<readonly Summary[]>>
  enter: (meeting: string) => void
  /** Out of it, and to where one can call another. */
  leave: () => void
  /** Out of it, and to its record. */
  toRecord: () => void
}

export interface MeetingSurroundings {
  readonly account: Account
  readonly live: Live
  readonly api: Pick<Api, 'meetings'>
  readonly route: RouteLocationNormalizedLoaded
  readonly router: Pick<Router, 'push' | 'replace'>
}

export function useMeeting({ account, live, api, route, router }: MeetingSurroundings): OneMeeting {
  const id = ref<string>()
  const room = shallowRef<MeetingRoom>()
  const meetings = shallowRef<readonly Summary[]>([])
  let gone = false
  let scope: EffectScope | undefined

  async function read(): Promise<void> {
    try {
      meetings.value = (await api.meetings({ state: 'open' })).meetings
    } catch {
      // what was read before stands; the next greeting tries again
    }
  }
  function be(next: string | undefined): void {
    if (next === id.value) return
    scope?.stop()
    scope = next === undefined ? undefined : effectScope(true)
    id.value = next
    if (next === undefined) sessionStorage.removeItem(IN)
    else sessionStorage.setItem(IN, next)
    room.value = next === undefined ? undefined : scope?.run(() => useMeetingRoom(live, next))
    if (next === undefined) void read()
  }

  watch(
    () => [route.name, route.params['meeting']] as const,
    ([name, asked]) => {
      if (name !== 'command') return
      if (typeof asked === 'string' && asked !== '') be(asked)
      // 指挥 is where the meeting is: one walks back into it
      else if (id.value !== undefined) void router.replace({ name: 'command', params: { meeting: id.value } })
    },
    { immediate: true },
  )
  let looking: ReturnType<typeof setInterval> | undefined
  watch(
    () => route.name === 'overview',
    (looks) => {
      clearInterval(looking)
      if (!looks) return
      void read()
      looking = setInterval(() => {
        if (document.visibilityState === 'visible') void read()
      }, LOOK_MS)
    },
    { immediate: true },
  )
  const enter = (meeting: string): void => {
    sessionStorage.removeItem(LEFT)
    void router.push({ name: 'command', params: { meeting } })
  }
  const offHello = live.socket.on('hello', (hello) => {
    void greeted(hello.calls)
  })
  async function greeted(calls: readonly Pick<OpenCall, 'id' | 'chair'>[]): Promise<void> {
    const before = sessionStorage.getItem(IN)
    const reading = read()
    // a board for the big screen stays what it is
    if (id.value !== undefined || route.meta.bare === true) return
    // signed in again while the own meeting runs: back into it, unless it was left on purpose
    const own = calls.find((call) => call.chair.id === account.id && call.id !== sessionStorage.getItem(LEFT))
    if (own !== undefined && own.id !== before && STARTS.includes(route.name)) {
      enter(own.id)
      return
    }
    // in another room, or loaded again there: it stays at its address, and the meeting goes on beside
    if (before !== null && before !== own?.id) await reading
    const runs = before !== null && (before === own?.id || meetings.value.some((one) => one.id === before)) ? before : own?.id
    if (runs === undefined) sessionStorage.removeItem(IN)
    else if (id.value === undefined && !gone) be(runs)
  }
  const offChanged = live.socket.on('changed', (event) => {
    if (event.what === 'meeting') void read()
  })
  onScopeDispose(() => {
    gone = true
    sessionStorage.removeItem(IN)
    clearInterval(looking)
    offHello()
    offChanged()
    scope?.stop()
  })
  return {
    id,
    room,
    meetings,
    enter,
    leave() {
      if (id.value !== undefined) sessionStorage.setItem(LEFT, id.value)
      be(undefined)
      if (route.name === 'command') void router.push({ name: 'command', params: { meeting: '' } })
    },
    toRecord() {
      const meeting = id.value
      be(undefined)
      if (meeting !== undefined) void router.push({ name: 'archive-meeting', params: { meeting } })
    },
  }
}
