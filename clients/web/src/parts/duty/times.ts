/** Moments of duty in words: a time alone where it is of today, in the hub's zone. */
import { computed, type Ref } from 'vue'

import { inZone } from '@/parts/zone'

export interface DutyTimes {
  /** `08:00`, or `11-29 08:00` where it is another day. `at`: ISO 8601. */
  readonly when: (at: string) => string
}

/** So long (ms) a moment holds: who is on duty is looked at of thousands of centers, and changes with the hour. */
const STEP_MS = 10_000

/** `now`, which goes on by the second, in steps. */
export function useSteps(now: Readonly<Ref<number>>): Readonly<Ref<number>> {
  return computed(() => Math.floor(now.value / STEP_MS) * STEP_MS)
}

/** `08:00 GMT+8` on a machine whose clock shows another time; nothing where it shows the same. */
function zoneWord(zone: string, now: number): string {
  if (inZone(now, zone).time === inZone(now, Intl.DateTimeFormat().resolvedOptions().timeZone).time) return ''
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now)
  return ` ${parts.find((part) => part.type === 'timeZoneName')?.value ?? zone}`
}

/** `now`: ms since 1970. `said`: the page says itself whose times they are. */
export function useDutyTimes(zone: Readonly<Ref<string>>, now: () => number, said = false): DutyTimes {
  return {
    when(at) {
      const { day, time } = inZone(at, zone.value)
      return `${day === inZone(now(), zone.value).day ? time : `${day.slice(5)} ${time}`}${said ? '' : zoneWord(zone.value, now())}`
    },
  }
}
