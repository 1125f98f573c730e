/** The day as the page shows it: stops in walking order, and the seconds of what can still be taken back. */
import { computed, type ComputedRef, onScopeDispose, ref, type Ref, watch } from 'vue'

import { type Job, jobsOf } from './errands'
import { type Check, checksOf } from './listRows'
import { dutiesOf, type Duty } from './orderTasks'
import type { Phone } from './phone'
import type { Item } from './queue'
import { type Stop, stopsOf } from './work'

export interface Day {
  readonly stops: ComputedRef<readonly Stop[]>
  readonly done: ComputedRef<number>
  readonly checks: ComputedRef<readonly Check[]>
  readonly jobs: ComputedRef<readonly Job[]>
  readonly duties: ComputedRef<readonly Duty[]>
  /** ms since 1970; ticks while something is held. */
  readonly now: Readonly<Ref<number>>
  /** What of this household can still be taken back. */
  readonly heldOf: (household: string) => readonly Item[]
  readonly secondsLeft: (household: string) => number
}

export function useDay(phone: Phone): Day {
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  const held = computed(() => phone.items.value.filter((item) => item.state === 'held'))
  watch(
    () => held.value.length > 0,
    (any) => {
      clearInterval(timer)
      now.value = Date.now()
      timer = setInterval(() => (now.value = Date.now()), any ? 250 : 60_000)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearInterval(timer)
  })
  const stops = computed(() => (phone.work.value === undefined ? [] : stopsOf(phone.work.value, phone.items.value)))
  const heldOf = (household: string): readonly Item[] => held.value.filter((item) => item.lane === household && item.heldUntil > now.value)
  return {
    stops,
    checks: computed(() => (phone.work.value === undefined ? [] : checksOf(phone.work.value, phone.items.value, now.value))),
    duties: computed(() => (phone.work.value === undefined ? [] : dutiesOf(phone.work.value, phone.items.value, now.value))),
    jobs: computed(() => (phone.work.value === undefined ? [] : jobsOf(phone.work.value, phone.items.value, phone.owner.value?.account ?? '', now.value))),
    done: computed(() => stops.value.filter((stop) => stop.next === 'done').length),
    now,
    heldOf,
    secondsLeft: (household) => Math.max(0, ...heldOf(household).map((item) => Math.ceil((item.heldUntil - now.value) / 1000))),
  }
}
