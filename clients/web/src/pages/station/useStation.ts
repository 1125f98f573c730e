/** The station as a whole: who calls, whether it rings, the meeting it is in, the orders of its center. */
import { computed, effectScope, type EffectScope, onScopeDispose, ref, shallowRef, watch } from 'vue'

import { useNow } from '@/parts/now'
import { Refused } from '@/protocol/refusal'
import type { Account, Entry } from '@/protocol/types'
import type { Live } from '@/state/live'

import { applyCall, autoAnswerSeconds, type Call, callFrom, nextStep, secondsLeft, type Wishes } from './calls'
import { apply, type Desk, EMPTY_DESK, greeted, inOrderOfAttention } from './orders'
import { Bell, ON_AIR_CHIME, ORDER_CHIME } from './tone'
import { type StationCall, useCall } from './useCall'
import { useOwnMedia } from './useOwnMedia'

const AUTO_KEY = 'lianxian.station.autoanswer'
/** So long a word on what has ended stays on the page. */
const NEWS_MS = 12_000

/** Why the station is back on its waiting page. */
export type News = '' | 'ended' | 'removed' | 'left' | 'refused'

export function useStation(live: Live, account: Account) {
  const bell = new Bell()
  const own = useOwnMedia(bell)
  const now = useNow()
  const center = account.center.code
  const wishesKey = `lianxian.station.${account.id}`

  const calls = shallowRef<readonly Call[]>([])
  const desk = shallowRef<Desk>(EMPTY_DESK)
  const wishes = shallowRef<Wishes>(readWishes(wishesKey))
  const ringing = shallowRef<Call | null>(null)
  const ringingSince = ref(0)
  const autoAnswer = ref(autoAnswerSeconds(localStorage.getItem(AUTO_KEY)))
  const call = shallowRef<StationCall | null>(null)
  const news = ref<News>('')
  let scope: EffectScope | undefined
  let newsTimer: ReturnType<typeof setTimeout> | undefined

  function wish(next: Wishes): void {
    wishes.value = next
    sessionStorage.setItem(wishesKey, JSON.stringify(next))
  }
  function say(word: News): void {
    news.value = word
    clearTimeout(newsTimer)
    newsTimer = setTimeout(() => (news.value = ''), NEWS_MS)
  }

  /** Ring, come back or wait, as the open calls and the own wishes have it. */
  function consider(): void {
    if (call.value && !calls.value.some((one) => one.id === call.value?.meeting)) finish('ended')
    if (call.value) return
    const step = nextStep(calls.value, wishes.value)
    if (step.do === 'rejoin') enter(step.call.id)
    if (step.do !== 'ring') stopRinging()
    else if (ringing.value?.id !== step.call.id) {
      ringing.value = step.call
      ringingSince.value = Date.now()
      bell.startRinging()
    }
  }
  function stopRinging(): void {
    ringing.value = null
    bell.stopRinging()
  }

  function enter(meeting: string): void {
    stopRinging()
    news.value = ''
    wish({ joined: meeting, silenced: wishes.value.silenced.filter((id) => id !== meeting) })
    scope = effectScope(true)
    scope.run(() => {
      const entered = useCall(live, account, meeting, own)
      call.value = entered
      watch(entered.onAir, (onAir) => {
        if (onAir) bell.play(ON_AIR_CHIME)
      })
      watch(entered.room.refused, (refusal) => {
        if (refusal) finish(refusal.code === 'removed' ? 'removed' : 'ended')
      })
    })
    live.command('meeting.join', {}, meeting).catch((error: unknown) => {
      if (call.value?.meeting !== meeting || !(error instanceof Refused)) return
      silence(meeting)
      finish(error.code === 'removed' ? 'removed' : error.code === 'meeting_ended' ? 'ended' : 'refused')
    })
  }
  function silence(meeting: string): void {
    wish({ joined: null, silenced: [...new Set([...wishes.value.silenced, meeting])] })
  }
  function finish(word: News): void {
    scope?.stop()
    scope = undefined
    call.value = null
    own.letGo()
    wish({ ...wishes.value, joined: null })
    say(word)
  }

  function onEntry(entry: Entry): void {
    const before = desk.value
    desk.value = apply(before, entry, center)
    if (desk.value.orders.size > before.orders.size) bell.play(ORDER_CHIME)
    if (entry.kind === 'participant.removed' && entry.data.participant === account.id && call.value?.meeting === entry.meeting) {
      silence(entry.meeting)
      finish('removed')
    }
    calls.value = applyCall(calls.value, entry, account)
    consider()
  }
  live.socket.on('hello', (hello) => {
    calls.value = hello.calls.map(callFrom)
    desk.value = greeted(desk.value, hello.orders, hello.seq, center)
    consider()
  })
  live.socket.on('entry', onEntry)

  const left = computed(() => (ringing.value ? secondsLeft(ringingSince.value, now.value, autoAnswer.value) : null))
  watch(left, (seconds) => {
    if (seconds === 0 && ringing.value) enter(ringing.value.id)
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
    document.removeEventListener('visibilitychange', visible)
    document.removeEventListener('pointerdown', pressed)
    document.removeEventListener('keydown', pressed)
    clearTimeout(newsTimer)
    scope?.stop()
    bell.close()
  })

  return {
    own,
    calls,
    ringing,
    secondsLeft: left,
    autoAnswer,
    call,
    news,
    orders: computed(() => inOrderOfAttention(desk.value.orders, center)),
    answer: () => {
      if (ringing.value) enter(ringing.value.id)
    },
    decline: () => {
      if (!ringing.value) return
      silence(ringing.value.id)
      stopRinging()
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
      autoAnswer.value = seconds
      localStorage.setItem(AUTO_KEY, String(seconds))
    },
  }
}

export type Station = ReturnType<typeof useStation>

function readWishes(key: string): Wishes {
  try {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<Wishes> | null
    return { joined: stored?.joined ?? null, silenced: stored?.silenced ?? [] }
  } catch {
    return { joined: null, silenced: [] }
  }
}
