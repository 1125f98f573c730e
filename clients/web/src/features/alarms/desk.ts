/** What a desk has of alarms, once for the frame: what waits, in which order, what is told when it is seen, and when it sounds. */
import { computed, type ComputedRef, inject, type InjectionKey, onScopeDispose, ref, type Ref, shallowReactive, shallowRef, watch } from 'vue'

import type { Alarm } from '@/protocol/types'
import { type Alarms, isAnswered, isOurs, waiting } from '@/state/alarms'
import type { Trouble } from '@/state/hubTrouble'
import type { Shell } from '@/state/shell'

import { type AlarmSound, useAlarmSound } from './sound'

/** One line of the strip. */
export type Line = { readonly id: string; readonly critical: boolean } & ({ readonly trouble: Trouble } | { readonly alarm: Alarm })

export interface AlarmDesk {
  /** All that is known; undefined for who answers none. */
  readonly alarms: Alarms | undefined
  /** What calls for attention now, the highest first. */
  readonly waiting: ComputedRef<readonly Alarm[]>
  readonly lines: ComputedRef<readonly Line[]>
  readonly sound: AlarmSound
  /** The alarm that somebody acknowledged just now. */
  readonly news: Readonly<Ref<Alarm | undefined>>
  /** A desk that shows these to its person says so, once. */
  showing: (alarms: () => readonly Alarm[]) => void
}

export const alarmDeskKey: InjectionKey<AlarmDesk> = Symbol('alarm desk')

export function useAlarmDesk(): AlarmDesk {
  const found = inject(alarmDeskKey)
  if (found === undefined) throw new Error('no desk of alarms was provided')
  return found
}

/** So long (ms) it is said who acknowledged what. */
const NEWS_MS = 10_000
const NONE: readonly Alarm[] = []

/** Whether an alarm that waits says the same as what the hub says of itself: one line is enough, that with the keys. */
function isCovered(trouble: Trouble, alarms: readonly Alarm[], meeting: string | undefined): boolean {
  return alarms.some(
    ({ kind, meeting: where, words }) =>
      (kind === 'service' && trouble.id === 'node') || (kind === 'unrecorded' && trouble.id === 'recording' && where === meeting) || (kind === 'disk' && trouble.id === `space-${String(words['folder'])}`),
  )
}

/** Highest first: that the hub is away (nothing else can be done), what is critical, the rest. */
export function linesOf(troubles: readonly Trouble[], alarms: readonly Alarm[], meeting: string | undefined): readonly Line[] {
  const own = troubles.filter((one) => !isCovered(one, alarms, meeting)).map((trouble) => ({ id: trouble.id, critical: trouble.critical, trouble }))
  const theirs = alarms.map((alarm) => ({ id: alarm.id, critical: alarm.severity === 'critical', alarm }))
  const away = own.filter((one) => one.id === 'away')
  const rest = [...own.filter((one) => one.id !== 'away'), ...theirs]
  return [...away, ...rest.filter((one) => one.critical), ...rest.filter((one) => !one.critical)]
}

/** Call it once, in the scope of the frame. `alarms`: undefined for a role that answers none. */
export function makeAlarmDesk(shell: Shell, alarms: Alarms | undefined, troubles: () => readonly Trouble[]): AlarmDesk {
  const sound = useAlarmSound()
  const news = shallowRef<Alarm>()
  const told = new Set<string>()
  const seen = ref(document.visibilityState === 'visible')
  const shown = shallowReactive(new Set<() => readonly Alarm[]>())
  let timer: ReturnType<typeof setTimeout> | undefined
  const waits = computed(() => (alarms === undefined ? NONE : waiting(alarms.list.value, shell.account)))
  const lines = computed(() => linesOf(troubles(), waits.value, shell.meeting.value?.id))

  // an alarm that comes up to this center sounds again, as one that is new
  watch(
    () => lines.value.filter((line) => !('trouble' in line) || line.trouble.critical).map((line) => ({ critical: line.critical, id: 'alarm' in line && isOurs(line.alarm, shell.account) ? `${line.id} ours` : line.id })),
    (now, before) => {
      const fresh = now.filter((one) => before?.some((other) => other.id === one.id) !== true)
      if (fresh.length > 0) sound.ring(fresh.some((one) => one.critical) ? 'critical' : 'warning')
    },
    { immediate: true },
  )
  alarms?.onChange((alarm, before) => {
    if (before?.state !== 'open' || alarm.state !== 'acknowledged' || !isAnswered(alarm, shell.account)) return
    news.value = alarm
    clearTimeout(timer)
    timer = setTimeout(() => (news.value = undefined), NEWS_MS)
  })
  const look = (): void => {
    seen.value = document.visibilityState === 'visible'
  }
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  })
  watch(
    () => (seen.value && shell.asOf.value === undefined ? [...shown].flatMap((read) => read()) : []),
    (now) => {
      for (const alarm of now) {
        if (alarm.state !== 'open' || alarm.delivered !== null || told.has(alarm.id) || !isAnswered(alarm, shell.account)) continue
        told.add(alarm.id)
        // the hub says no to one that is over meanwhile: then nobody asks
        void shell.live.command('alarm.deliver', { alarm: alarm.id }).catch(() => undefined)
      }
    },
    // once it is drawn
    { flush: 'post' },
  )
  return {
    alarms,
    waiting: waits,
    lines,
    sound,
    news,
    showing(read) {
      shown.add(read)
      onScopeDispose(() => shown.delete(read))
    },
  }
}
