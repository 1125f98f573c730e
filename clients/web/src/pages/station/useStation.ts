/** The station as a whole: who calls, whether it rings, the meeting it is in, the orders of its center. */
import { computed, effectScope, type EffectScope, onScopeDispose, ref, shallowRef, watch } from 'vue'

import type { Actions } from '@/parts/actions'
import { useNow } from '@/parts/now'
import { inOrderOfAttention, isOpenAt, isSigned, ownTarget } from '@/parts/ownOrders'
import { Bell, ON_AIR_CHIME, ORDER_CHIME } from '@/parts/tone'
import type { Api } from '@/protocol/api'
import { Refused } from '@/protocol/refusal'
import type { Account, CommandData, Followed, Order } from '@/protocol/types'
import type { Live } from '@/state/live'
import { tryCalledLine, useCheckAnswers } from '@/state/checks'
import { useOnePage } from '@/state/onePage'

import { type Call, callFrom, nextStep, secondsLeft, type Wishes } from './calls'
import { type StationCall, useCall } from './useCall'
import { useOwnMedia } from './useOwnMedia'

/** So long a word on what has ended stays on the page. */
const NEWS_MS = 12_000
/** So many of the orders last completed are shown. */
const HISTORY = 100

/** Why the station is back on its waiting page. */
export type News = '' | 'ended' | 'removed' | 'left' | 'refused' | 'notAdmitted'

/** What is said of a refusal to let it in. */
const WORDS: Readonly<Record<string, News>> = { removed: 'removed', meeting_ended: 'ended', not_admitted: 'notAdmitted' }

export function useStation(live: Live, account: Account, api: Pick<Api, 'orders'>, actions: Actions) {
  const bell = new Bell()
  const own = useOwnMedia(bell)
  const now = useNow()
  const center = account.center.code
  const wishesKey = `lianxian.station.${account.id}`
  const page = useOnePage(`lianxian.station.page.${account.id}`)
  /** Calls that this account is in from another machine. */
  const taken = shallowRef<ReadonlySet<string>>(new Set())
  /** What another tab of this browser is in. */
  const othersMeeting = ref<string | null>(null)

  /** Meetings that this account was put out of, and the ring before: they call it no more until they ring anew. */
  const barred = shallowRef<ReadonlyMap<string, string>>(new Map())
  const calls = computed<readonly Call[]>(() => live.calls.value.filter((one) => (barred.value.get(one.id) ?? '') < one.rung_at).map(callFrom))
  const rungAt = (meeting: string): string => live.calls.value.find((one) => one.id === meeting)?.rung_at ?? ''
  const wishes = shallowRef<Wishes>(readWishes(sessionStorage.getItem(wishesKey)))
  const ringing = shallowRef<Call | null>(null)
  const ringingSince = ref(0)
  /** What was just chosen, until the hub says the same. */
  const wanted = ref<number>()
  const autoAnswer = computed(() => wanted.value ?? live.answersAfter.value)
  watch(live.answersAfter, () => (wanted.value = undefined))
  const call = shallowRef<StationCall | null>(null)
  const news = ref<News>('')
  let scope: EffectScope | undefined
  let newsTimer: ReturnType<typeof setTimeout> | undefined

  function wish(next: Wishes): void {
    wishes.value = next
    sessionStorage.setItem(wishesKey, JSON.stringify(next))
    // for the tab that goes on when this one is closed
    localStorage.setItem(wishesKey, JSON.stringify(next))
  }
  function say(word: News): void {
    news.value = word
    clearTimeout(newsTimer)
    newsTimer = setTimeout(() => (news.value = ''), NEWS_MS)
  }

  /** Ring, come back or wait, as the open calls and the own wishes have it. */
  function consider(): void {
    if (page.place.value !== 'here') return
    if (call.value && !calls.value.some((one) => one.id === call.value?.meeting)) finish('ended')
    if (call.value) return
    const step = nextStep(calls.value, wishes.value, taken.value)
    if (step.do === 'rejoin') enter(step.call.id)
    if (step.do !== 'ring') stopRinging()
    else if (ringing.value?.id !== step.call.id || ringing.value.rungAt !== step.call.rungAt) {
      ringing.value = step.call
      ringingSince.value = Date.now()
      bell.startRinging()
    }
  }
  function stopRinging(): void {
    ringing.value = null
    bell.stopRinging()
  }

  /** Whether this account is in the meeting already, from another machine: the hub knows who sends. */
  async function isTaken(meeting: string): Promise<boolean> {
    const entered = (): boolean => call.value?.meeting === meeting
    if (call.value) return false
    try {
      const followed = await live.socket.call<Followed>('follow', { meeting, since: null })
      // entered meanwhile: the meeting is followed by then, and stays so
      if (!entered()) void live.socket.call('unfollow', { meeting }).catch(() => undefined)
      return followed.presence.some((one) => one.id === account.id && one.publishing)
    } catch {
      return false
    }
  }
  /** A ring that was answered on another machine ends here. */
  async function lookElsewhere(): Promise<void> {
    const id = ringing.value?.id
    if (id === undefined || !(await isTaken(id))) return
    taken.value = new Set([...taken.value, id])
    consider()
  }
  watch(
    () => live.presence.value.get(center),
    (state) => {
      if (state === 'in_meeting') void lookElsewhere()
      else if (taken.value.size > 0) {
        taken.value = new Set()
        consider()
      }
    },
  )
  /** The station answers itself, unless the account is in the meeting from another machine. */
  async function answerItself(id: string): Promise<void> {
    await lookElsewhere()
    if (ringing.value?.id === id && page.place.value === 'here') enter(id)
  }

  /** Another tab takes part: everything here is let go, and nothing is left or declined by it. */
  function stepBack(): void {
    stopRinging()
    scope?.stop()
    scope = undefined
    call.value = null
    own.letGo()
    readOthers()
  }
  function readOthers(): void {
    othersMeeting.value = readWishes(localStorage.getItem(wishesKey)).joined
  }
  watch(
    page.place,
    (place) => {
      if (place === 'elsewhere') stepBack()
      if (place !== 'here') return
      if (page.inherited()) wish(readWishes(localStorage.getItem(wishesKey)))
      consider()
    },
    { flush: 'sync' },
  )
  const told = (event: StorageEvent): void => {
    if (event.key === wishesKey) readOthers()
  }
  window.addEventListener('storage', told)

  function enter(meeting: string): void {
    stopRinging()
    news.value = ''
    // back in the meeting it was in: silent as it was
    const muted = wishes.value.joined === meeting && wishes.value.muted === true
    wish({ ...wishes.value, joined: meeting, muted })
    scope = effectScope(true)
    scope.run(() => {
      const entered = useCall(live, account, meeting, own, muted)
      call.value = entered
      watch(entered.mutedHere, (next) => {
        wish({ ...wishes.value, muted: next })
      })
      watch(entered.onAir, (onAir) => {
        if (onAir) bell.play(ON_AIR_CHIME)
      })
      watch(entered.removed, (removed) => {
        if (!removed) return
        silence(meeting)
        finish('removed')
        barred.value = new Map([...barred.value, [meeting, rungAt(meeting)]])
      })
      watch(entered.door, (door) => {
        if (door !== 'refused') return
        silence(meeting)
        finish('notAdmitted')
      })
      watch(entered.room.refused, (refusal) => {
        if (refusal) finish(refusal.code === 'removed' ? 'removed' : 'ended')
      })
    })
    live.command('meeting.join', {}, meeting).catch((error: unknown) => {
      if (call.value?.meeting !== meeting || !(error instanceof Refused)) return
      silence(meeting)
      finish(WORDS[error.code] ?? 'refused')
    })
  }
  function silence(meeting: string): void {
    const open = Object.entries(wishes.value.silenced).filter(([id]) => rungAt(id) !== '')
    wish({ joined: null, silenced: { ...Object.fromEntries(open), [meeting]: rungAt(meeting) } })
  }
  function finish(word: News): void {
    scope?.stop()
    scope = undefined
    call.value = null
    own.letGo()
    wish({ ...wishes.value, joined: null })
    say(word)
  }

  useCheckAnswers(live, () =>
    page.place.value !== 'here'
      ? null
      : {
          camera: own.camera.value,
          microphone: own.microphone.value,
          silent: own.silent.value,
          loudestDb: own.loudestDb(),
          inMeeting: call.value !== null,
          line: call.value?.line ?? tryCalledLine,
        },
  )
  live.socket.on('hello', () => void readHistory())
  async function readHistory(): Promise<void> {
    try {
      const orders = await api.orders({ center, limit: HISTORY })
      // what is still to do is told by the greeting
      live.addOrders(orders.filter((order) => !isOpenAt(order, center)))
    } catch {
      // what is to be done is there; the next greeting asks again
    }
  }
  watch(calls, consider, { flush: 'sync' })
  let known: ReadonlySet<string> | undefined
  /** What calls for a person: to sign, to take up again, to read what was put right; and each time that he is reminded. */
  function callsOf(order: Order): string[] {
    const target = ownTarget(order, center)
    const calls = [`${order.id} urged ${String(target?.urges ?? 0)}`, `${order.id} corrected ${String(order.versions?.length ?? 0)}`]
    if (target?.state === 'returned') calls.push(`${order.id} returned ${String(target.returns ?? 0)}`)
    return isSigned(target?.state) ? calls : [order.id, ...calls]
  }
  watch(live.orders, (orders) => {
    const calling = orders.filter((order) => isOpenAt(order, center)).flatMap(callsOf)
    // what was there when the page began calls nobody
    if (known !== undefined && calling.some((id) => known?.has(id) === false)) bell.play(ORDER_CHIME)
    known = new Set([...(known ?? []), ...calling])
  })

  const left = computed(() => (ringing.value ? secondsLeft(ringingSince.value, now.value, autoAnswer.value) : null))
  watch(left, (seconds) => {
    if (seconds === 0 && ringing.value) void answerItself(ringing.value.id)
  })

  // A phone that falls asleep leaves the meeting.
  let lock: WakeLockSentinel | undefined
  async function stayAwake(): Promise<void> {
    if (!call.value || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    lock = await navigator.wakeLock.request('screen').catch(() => undefined)
  }
  watch(call, (entered) => {
    if (entered) void stayAwake()
    else void lock?.release().catch(() => undefined)
  })
  const visible = (): void => void stayAwake()
  document.addEventListener('visibilitychange', visible)
  const pressed = (): void => void bell.wake()
  document.addEventListener('pointerdown', pressed)
  document.addEventListener('keydown', pressed)
  onScopeDispose(() => {
    window.removeEventListener('storage', told)
    document.removeEventListener('visibilitychange', visible)
    document.removeEventListener('pointerdown', pressed)
    document.removeEventListener('keydown', pressed)
    clearTimeout(newsTimer)
    scope?.stop()
    bell.close()
  })

  return {
    own,
    /** The page's context for sound. */
    audio: () => bell.audio(),
    place: page.place,
    othersMeeting,
    takeOver: page.takeOver,
    taken,
    calls,
    ringing,
    secondsLeft: left,
    autoAnswer,
    call,
    news,
    orders: computed(() => inOrderOfAttention(live.orders.value, center)),
    answer: () => {
      if (ringing.value) enter(ringing.value.id)
    },
    /** Somebody is there: the whole time begins anew. */
    hold: () => (ringingSince.value = Date.now()),
    decline: (reason: CommandData['meeting.decline']['reason']) => {
      if (!ringing.value) return
      const { id } = ringing.value
      silence(id)
      stopRinging()
      void actions.run('decline', 'meeting.decline', { reason }, id)
      consider()
    },
    /** Into a call that was declined or left before. */
    comeBack: (meeting: string) => {
      if (!call.value) enter(meeting)
    },
    leave: () => {
      const meeting = call.value?.meeting
      if (meeting === undefined) return
      silence(meeting)
      finish('left')
      live.command('meeting.leave', {}, meeting).catch(() => undefined)
    },
    setAutoAnswer: (seconds: number) => {
      wanted.value = seconds
      void actions.run('answering', 'answering.change', { center, seconds }).then((answer) => {
        if (answer === undefined) wanted.value = undefined
      })
    },
  }
}

export type Station = ReturnType<typeof useStation>

function readWishes(text: string | null): Wishes {
  try {
    const stored = JSON.parse(text ?? 'null') as Partial<Wishes> | null
    return { joined: stored?.joined ?? null, silenced: stored?.silenced ?? {}, muted: stored?.muted === true }
  } catch {
    return { joined: null, silenced: {} }
  }
}
